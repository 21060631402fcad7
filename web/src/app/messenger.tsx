import type { Account } from '../account/account.js';
import { ChatsPanel } from '../chats/chats-panel.js';
import { Conversation } from '../conversation/conversation.js';
import { Details } from '../details/details.js';
import { openedInvite } from '../invites/invite-address.js';
import { JoinGroup } from '../invites/join-group.js';
import { NewChat } from '../people/new-chat.js';
import { useTexts } from '../texts/index.js';
import { ThreadPanel } from '../threads/thread-panel.js';
import { ThreadsList } from '../threads/threads-list.js';
import { Empty } from '../ui/empty.js';
import { lazy } from '../ui/lazy.js';
import { AccountProvider } from './account-context.js';
import { usePath } from './address.js';
import { ConnectionBar } from './connection-bar.js';
import { Keyboard } from './keyboard.js';
import { Link } from './link.js';
import { Notifier } from './notifier.js';
import { placeOf, type Place } from './place.js';
import { Reminders } from './reminders.js';
import { useSwipeBack } from './swipe-back.js';
import { useFocus } from './use-focus.js';
import { useMedia } from './use-media.js';

const Settings = lazy(() => import('../settings/settings.js').then(({ Settings }) => Settings));
const Reports = lazy(() => import('../moderation/reports.js').then(({ Reports }) => Reports));
const PublicGroups = lazy(() => import('../public-groups/public-groups.js').then(({ PublicGroups }) => PublicGroups));

function Main({ place }: { readonly place: Place }) {
  const texts = useTexts();
  switch (place.page) {
    case 'chat':
      return <Conversation key={place.chatId} chatId={place.chatId} hasDetails={place.hasDetails} />;
    case 'new':
      return <NewChat />;
    case 'settings':
      return <Settings />;
    case 'invite': {
      const token = openedInvite();
      return <JoinGroup key={token} token={token} />;
    }
    case 'threads':
      return <ThreadsList />;
    case 'moderation':
      return <Reports />;
    case 'groups':
      return <PublicGroups />;
    default:
      return (
        <Empty title={texts.pickChat} text={texts.pickChatText}>
          <Link class="button" to="new">
            {texts.newChat}
          </Link>
        </Empty>
      );
  }
}

/** The columns: the chats, what is open, and its details. Where there is no room, one at a time. */
export function Messenger({ account }: { readonly account: Account }) {
  const place = placeOf(usePath());
  const isChat = place.page === 'chat';
  const hasDetails = isChat && place.hasDetails;
  const threadId = isChat ? place.threadId : undefined;
  const isBeside = hasDetails || threadId !== undefined;
  const isList = place.page === 'chats' || place.page === 'archive';
  const texts = useTexts();
  // What is alone on the screen is the main thing; roles change where elements would lose their places.
  const isPhone = useMedia('(width < 720px)');
  const isWide = useMedia('(width >= 1200px)');
  const swipe = useSwipeBack();

  useFocus(place);

  return (
    <AccountProvider value={account}>
      <div class="messenger" data-shown={isBeside ? 'details' : isList ? 'list' : 'main'} {...swipe}>
        <div class="bars">
          <ConnectionBar />
          <Reminders />
        </div>
        <div class="list" role={isList && isPhone ? 'main' : 'navigation'} aria-label={texts.chats}>
          <ChatsPanel isArchive={place.page === 'archive'} openId={isChat ? place.chatId : undefined} />
        </div>
        <main class="main">
          <Main place={place} />
        </main>
        {hasDetails && (
          <div class="details" role={isWide ? 'complementary' : 'main'} aria-label={texts.details}>
            <Details key={place.chatId} chatId={place.chatId} />
          </div>
        )}
        {isChat && threadId !== undefined && (
          <div class="details details-thread" role={isWide ? 'complementary' : 'main'} aria-label={texts.thread}>
            <ThreadPanel key={threadId} chatId={place.chatId} rootId={threadId} />
          </div>
        )}
        <Keyboard place={place} />
        <Notifier openId={isChat ? place.chatId : undefined} />
      </div>
    </AccountProvider>
  );
}
