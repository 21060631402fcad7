import type { MessengerClient } from 'messenger-client';
import type { Texts } from '../texts/index.js';
import type { MenuItem } from '../ui/menu.js';

const HOUR_MS = 3_600_000;
/** When people begin their day. */
const MORNING = 9;

function tomorrow(): Date {
  const date = new Date();
  date.setDate(date.getDate() + 1);
  date.setHours(MORNING, 0, 0, 0);
  return date;
}

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
    { label: texts.remindInAnHour, onChoose: () => remind(new Date(Date.now() + HOUR_MS)) },
    { label: texts.remindTomorrow, onChoose: () => remind(tomorrow()) },
  ];
}
