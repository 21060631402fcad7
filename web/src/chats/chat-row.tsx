import type { People, ShownChat } from 'messenger-client';
import { useEffect } from 'preact/hooks';
import { memo } from '../ui/memo.js';
import { useAccount } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { hasDisappeared, useDisappearing } from '../conversation/disappear.js';
import { lineOf } from '../conversation/mentions.js';
import { useTexts } from '../texts/index.js';
import { fullTime, shortTime } from '../texts/times.js';
import { Avatar } from '../ui/avatar.js';
import { Icon } from '../ui/icon.js';
import { draftOf, takeDraft } from './drafts.js';

interface Props {
  readonly chat: ShownChat;
  readonly people: People;
  readonly isOpen: boolean;
  readonly isOnline: boolean;
  readonly place: number;
  readonly count: number;
  /** The language: times are said in it. */
  readonly language: string;
}

export function isMuted({ muted_until }: ShownChat): boolean {
  return muted_until !== null && new Date(muted_until).getTime() > Date.now();
}

function LastLine({ chat, people, isOpen }: Pick<Props, 'chat' | 'people' | 'isOpen'>) {
  const texts = useTexts();
  const { userId } = useAccount();
  const draft = useView(draftOf(userId, chat.id)).trim();
  useEffect(() => takeDraft(userId, chat.id, chat.draft ?? ''), [userId, chat.id, chat.draft_revision]);
  const { last, typing } = chat;
  useDisappearing(last ? [last] : []);
  if (typing.length > 0) return <span class="chat-typing">{texts.typing}</span>;
  if (draft !== '' && !isOpen) {
    return (
      <>
        <span class="chat-draft">{texts.draft}</span> <bdi>{draft}</bdi>
      </>
    );
  }
  if (!last || hasDisappeared(last)) return <>&nbsp;</>;
  const isOwn = String(last.author_id) === userId;
  const author = isOwn ? texts.you : chat.type === 'group' ? people.get(last.author_id)?.name : undefined;
  return (
    <>
      {author !== undefined && <span class="chat-author">{`${author}: `}</span>}
      <bdi>{lineOf(last.contents.slice(0, 160), people, texts)}</bdi>
    </>
  );
}

/** A chat in the list. */
export const ChatRow = memo(function ChatRow({ chat, people, isOpen, isOnline, place, count }: Props) {
  const texts = useTexts();
  const { title, unread_count: unread, last } = chat;
  const time = last?.created_at ?? chat.created_at;
  const name = title || texts.somebody;
  return (
    <li aria-setsize={count} aria-posinset={place + 1}>
      <Link class="chat" to={`c/${chat.id}`} data-chat={chat.id} aria-current={isOpen ? 'page' : undefined}>
        <Avatar
          id={chat.peer?.id ?? chat.id}
          name={name}
          url={chat.peer ? chat.peer.avatar_url : chat.avatar_url}
          isOnline={isOnline}
        />
        <span class="chat-title">
          <bdi>{name}</bdi>
          {isMuted(chat) && (
            <span role="img" aria-label={texts.muted} title={texts.muted}>
              <Icon name="muted" />
            </span>
          )}
        </span>
        <time class="chat-time" dateTime={time} title={fullTime(time)}>
          {shortTime(time)}
        </time>
        <span class="chat-line">
          <LastLine chat={chat} people={people} isOpen={isOpen} />
        </span>
        <span class="chat-marks">
          {chat.failed > 0 ? (
            <span class="chat-failed" role="img" aria-label={texts.failedSends(chat.failed)}>
              <Icon name="alert" />
            </span>
          ) : (
            chat.pending > 0 && (
              <span role="img" aria-label={texts.waiting(chat.pending)}>
                <Icon name="clock" />
              </span>
            )
          )}
          {chat.unread_mentions > 0 && (
            <span class="badge" role="img" aria-label={texts.mentionsOfYou(chat.unread_mentions)}>
              @
            </span>
          )}
          {unread > 0 || chat.marked_unread ? (
            <span class={isMuted(chat) ? 'badge badge-muted' : 'badge'}>
              <span aria-hidden="true">{unread > 999 ? '999+' : unread || '•'}</span>
              <span class="hidden">{unread > 0 ? texts.unread(unread) : texts.markedUnread}</span>
            </span>
          ) : (
            chat.pinned && (
              <span role="img" aria-label={texts.pinned}>
                <Icon name="pin" />
              </span>
            )
          )}
        </span>
      </Link>
    </li>
  );
});
