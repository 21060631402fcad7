import type { Reminder } from 'messenger-client';
import { useTexts } from '../texts/index.js';
import { IconButton } from '../ui/icon-button.js';
import { useClient } from './account-context.js';
import { Link } from './link.js';
import { useView } from './use-view.js';

/** So many at a time: the others come when these are dismissed. */
const SHOWN = 3;

function isDue(own: object): own is Reminder {
  return 'state' in own && own.state === 'due';
}

/** Says of which messages the user wanted to be reminded, until they dismiss it on any device. */
export function Reminders() {
  const client = useClient();
  const texts = useTexts();
  const { chats, archived } = useView(client.chats);
  const due = Object.values(useView(client.own) ?? {}).filter(isDue);
  // While the server can't be reached it stays, and can be dismissed again.
  const dismiss = (messageId: number) =>
    void client
      .ask('DELETE', '/message/{message_id}/reminder', { path: { message_id: messageId } })
      .catch(() => undefined);
  return (
    <div class="reminders" role="status">
      {due.slice(0, SHOWN).map(({ message_id, chat_id }) => {
        const chat = [...chats, ...archived].find(({ id }) => id === chat_id);
        const message = client
          .chat(chat_id)
          .messages()
          .getSnapshot()
          .slice()
          .find(({ id }) => id === message_id);
        return (
          <p key={message_id}>
            <Link to={`c/${chat_id}`}>
              <strong>{texts.reminder}</strong> <bdi>{chat?.title}</bdi>
              {message && (
                <>
                  : <bdi>{message.contents.slice(0, 120)}</bdi>
                </>
              )}
            </Link>
            <IconButton icon="close" label={texts.dismiss} onClick={() => dismiss(message_id)} />
          </p>
        );
      })}
    </div>
  );
}
