import { Chooser } from '../app/chooser.js';
import { useClient } from '../app/account-context.js';
import { go } from '../app/address.js';
import { useTexts } from '../texts/index.js';

interface Props {
  readonly messageId: number;
  readonly onFailure: (error: unknown) => void;
  readonly onClose: () => void;
}

/** Chooses the chat to which a message is forwarded, and goes there. */
export function Forward({ messageId, onFailure, onClose }: Props) {
  const client = useClient();
  const texts = useTexts();
  const forward = async (chatId: number, to: string) => {
    const body = { message_id: messageId, client_id: crypto.randomUUID() };
    await client.ask('POST', '/chat/{chat_id}/forward', { path: { chat_id: chatId }, body });
    go(to);
  };
  return (
    <Chooser
      label={texts.forwardTo}
      onChoose={({ chatId, to }) => {
        if (chatId !== undefined) void forward(chatId, to).catch(onFailure);
      }}
      onClose={onClose}
    />
  );
}
