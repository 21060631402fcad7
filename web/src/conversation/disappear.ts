import type { MessengerClient, ShownChat, ShownMessage } from 'messenger-client';
import { useEffect, useState } from 'preact/hooks';
import type { Texts } from '../texts/index.js';
import type { MenuItem } from '../ui/menu.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** The longest that a browser waits. */
const MAX_WAIT_MS = 2_147_483_647;

/** Whether the time of a message has come. The server deletes it soon after. */
export function hasDisappeared({ expires_at }: ShownMessage): boolean {
  return expires_at !== undefined && Date.parse(expires_at) <= Date.now();
}

/** Shows the list once more when the time of the next of these messages comes. */
export function useDisappearing(messages: readonly ShownMessage[]): void {
  const times = messages.map(({ expires_at }) => Date.parse(expires_at ?? '')).filter((time) => time > Date.now());
  const next = Math.min(...times);
  const [, setSeen] = useState(0);
  useEffect(() => {
    if (next === Infinity) return;
    const timer = setTimeout(() => setSeen(next), Math.min(MAX_WAIT_MS, Math.max(0, next - Date.now()) + 1));
    return () => clearTimeout(timer);
  }, [next]);
}

/** What those who may choose of how long messages stay. @param onFailure hears of what went wrong. */
export function disappearItems(
  client: MessengerClient,
  info: ShownChat,
  texts: Texts,
  onFailure: (error: unknown) => void,
): MenuItem[] {
  if (info.type === 'group' && !info.own_rights.includes('delete_any')) return [];
  const choices = [
    { seconds: HOUR, label: texts.disappearInAnHour },
    { seconds: DAY, label: texts.disappearInADay },
    { seconds: WEEK, label: texts.disappearInAWeek },
    { seconds: 0, label: texts.disappearNever },
  ];
  return choices
    .filter(({ seconds }) => seconds !== info.disappear_after_seconds)
    .map(({ seconds, label }) => ({
      label,
      onChoose: () => {
        const body = { disappear_after_seconds: seconds };
        const given = { path: { chat_id: info.id }, query: { participants: 0 }, body };
        client.ask('PATCH', '/chat/{chat_id}', given).catch(onFailure);
      },
    }));
}
