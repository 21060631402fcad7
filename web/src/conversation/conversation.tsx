import { useMemo } from 'preact/hooks';
import { useAccount, useChatHandle, useClient } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Replies } from '../threads/replies.js';
import { withoutReplies } from '../threads/without-replies.js';
import { Empty } from '../ui/empty.js';
import { Composer } from './composer.js';
import { Header } from './header.js';
import { Scheduled } from './scheduled.js';
import { Messages } from './messages.js';
import { useWriting } from './use-writing.js';

/** Among so many is what one has just written. */
const RECENT = 100;

interface Props {
  readonly chatId: number;
  readonly hasDetails: boolean;
}

/** A chat that is open. */
export function Conversation({ chatId, hasDetails }: Props) {
  const client = useClient();
  const { userId } = useAccount();
  const chat = useChatHandle(chatId);
  const info = useView(chat.info);
  const { isLoaded } = useView(client.chats);
  const texts = useTexts();
  const recent = useMemo(() => {
    const replies = new Replies();
    return () => {
      const list = chat.messages({ limit: RECENT }).getSnapshot();
      replies.look(list);
      return withoutReplies(list, replies);
    };
  }, [chat]);
  const { sends, onEdit, onAnswer, composer } = useWriting(recent, userId);

  if (!info) {
    if (!isLoaded) return <div class="conversation" aria-busy="true" />;
    return (
      <Empty isPage title={texts.noSuchChat} text={texts.noSuchChatText}>
        <Link class="button" to="">
          {texts.chats}
        </Link>
      </Empty>
    );
  }
  return (
    <div class="conversation">
      <Header info={info} hasDetails={hasDetails} />
      <Messages info={info} sends={sends} onEdit={onEdit} onAnswer={onAnswer} />
      {info.disappear_after_seconds > 0 && <p class="note disappearing">{texts.disappearing}</p>}
      <Scheduled chatId={chatId} />
      <Composer chatId={chatId} {...composer} />
    </div>
  );
}
