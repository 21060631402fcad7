import type { ShownMessage } from 'messenger-client';
import { useCallback, useState } from 'preact/hooks';
import { useAccount, useChatHandle, useClient } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Empty } from '../ui/empty.js';
import { Composer } from './composer.js';
import { Header } from './header.js';
import { Scheduled } from './scheduled.js';
import { Messages } from './messages.js';

/** Further back nobody corrects what they have just written. */
const RECENT = 50;

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
  const [edited, setEdited] = useState<ShownMessage>();
  const [answered, setAnswered] = useState<ShownMessage>();
  const [sends, setSends] = useState(0);

  const onEdit = useCallback((message: ShownMessage) => {
    setAnswered(undefined);
    setEdited(message);
  }, []);
  const onEdited = useCallback(() => setEdited(undefined), []);
  const onAnswer = useCallback((message: ShownMessage) => {
    setEdited(undefined);
    setAnswered(message);
  }, []);
  const onAnswered = useCallback(() => setAnswered(undefined), []);
  const editLast = () => {
    const recent = chat.messages({ limit: RECENT }).getSnapshot();
    for (let place = recent.length - 1; place >= 0; place--) {
      const message = recent.at(place);
      if (message && String(message.author_id) === userId && message.change !== 'delete') {
        setEdited(message);
        return;
      }
    }
  };

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
      <Composer
        chatId={chatId}
        edited={edited}
        onEdited={onEdited}
        answered={answered}
        onAnswered={onAnswered}
        editLast={editLast}
        onSent={() => setSends((count) => count + 1)}
      />
    </div>
  );
}
