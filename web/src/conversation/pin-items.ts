import type { MessengerClient, ShownMessage } from 'messenger-client';
import type { Texts } from '../texts/index.js';
import type { MenuItem } from '../ui/menu.js';

/** Pins a message, perhaps until a time, or takes its pin back. @param onFailure hears of what went wrong. @param onUntil asks for the time. */
export function pinItems(
  client: MessengerClient,
  { id, pinned }: ShownMessage,
  texts: Texts,
  onFailure: (error: unknown) => void,
  onUntil: () => void,
): MenuItem[] {
  if (id === null) return [];
  const path = { message_id: id };
  const change = () =>
    pinned
      ? client.ask('DELETE', '/message/{message_id}/pin', { path })
      : client.ask('PUT', '/message/{message_id}/pin', { path, body: {} });
  const now = { label: pinned ? texts.unpinMessage : texts.pinMessage, onChoose: () => void change().catch(onFailure) };
  return pinned ? [now] : [now, { label: texts.pinUntil, onChoose: onUntil }];
}
