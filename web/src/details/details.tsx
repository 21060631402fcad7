import { useChatHandle } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { lazy } from '../ui/lazy.js';
import { PanelHead } from '../ui/panel-head.js';
import { ChatNotifications } from './chat-notifications.js';
import { PersonDetails } from './person-details.js';

const GroupDetails = lazy(() => import('./group-details.js').then(({ GroupDetails }) => GroupDetails));

/** What there is to know and to do about a chat beside its messages. */
export function Details({ chatId }: { readonly chatId: number }) {
  const info = useView(useChatHandle(chatId).info);
  const texts = useTexts();
  return (
    <div class="panel">
      <PanelHead title={texts.details} backTo={`c/${chatId}`} isCross />
      <div class="panel-body">
        {info && <ChatNotifications info={info} />}
        {info?.type === 'group' && <GroupDetails info={info} />}
        {info?.peer && <PersonDetails personId={info.peer.id} />}
      </div>
    </div>
  );
}
