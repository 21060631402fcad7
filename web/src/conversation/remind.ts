import type { MessengerClient } from 'messenger-client';
import { inAnHour, tomorrow } from '../app/later.js';
import type { Texts } from '../texts/index.js';
import type { MenuItem } from '../ui/menu.js';

/** What one chooses to be reminded of a message. @param onFailure hears of what went wrong. */
export function remindItems(
  client: MessengerClient,
  messageId: number,
  texts: Texts,
  onFailure: (error: unknown) => void,
): MenuItem[] {
  const remind = (at: Date) => {
    const given = { path: { message_id: messageId }, body: { remind_at: at.toISOString() } };
    client.ask('PUT', '/message/{message_id}/reminder', given).catch(onFailure);
  };
  return [
    { label: texts.remindInAnHour, onChoose: () => remind(inAnHour()) },
    { label: texts.remindTomorrow, onChoose: () => remind(tomorrow()) },
  ];
}
