import { Chooser } from '../app/chooser.js';
import { useClient } from '../app/account-context.js';
import { go } from '../app/address.js';
import { once } from '../app/once.js';
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
    await once({ messageId, chatId }, (client_id) =>
      client.ask('POST', '/chat/{chat_id}/forward', {
        path: { chat_id: chatId },
        body: { message_id: messageId, client_id },
      }),
    );
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
