/**
 * Says what the user's devices have received.
 * @module messenger-client/receipts
 */
import type { MessengerClient, ShownChat } from '../index.js';

/** In larger chats nobody is told of each message, so it is said less often. */
const SMALL_CHAT = 100;

/** How long it waits, in milliseconds. */
export interface ReceiptTimes {
  /** After a message, so that several are one request. */
  readonly pauseMs?: number;
  /** Between two requests for a chat of more than 100 people. */
  readonly largePauseMs?: number;
}

/**
 * Says which messages of others this device has received, chat by chat, as they come, and when it is online again. One device, or one tab, of a user is enough.
 * @returns ends it.
 */
export function reportDelivered(
  client: MessengerClient,
  { pauseMs = 1000, largePauseMs = 30_000 }: ReceiptTimes = {},
): () => void {
  const said = new Map<number, { readonly id: number; readonly at: number }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const later = (ms: number) => {
    timer ??= setTimeout(() => void report(), ms);
  };
  /** The newest message that is to be said; undefined: there is none, or not now. */
  const dueIn = (chat: ShownChat): number | undefined => {
    const { last, last_read_message_id: readId } = chat;
    if (!last?.id || last.author_id === client.me.getSnapshot()?.id || chat.unread_count === 0) return undefined;
    const before = said.get(chat.id);
    if (last.id <= Math.max(before?.id ?? 0, readId ?? 0)) return undefined;
    const restMs = before && chat.participant_count > SMALL_CHAT ? before.at + largePauseMs - Date.now() : 0;
    if (restMs <= 0) return last.id;
    later(restMs);
    return undefined;
  };
  // One after the other: a device that comes back may have missed messages in hundreds of chats.
  async function report(): Promise<void> {
    timer = undefined;
    const { chats, archived } = client.chats.getSnapshot();
    for (const chat of [...chats, ...archived]) {
      if (isOver || client.connection.getSnapshot().state !== 'online') return;
      const id = dueIn(chat);
      if (id === undefined) continue;
      try {
        await client.ask('POST', '/chat/{chat_id}/delivered', { path: { chat_id: chat.id }, body: { message_id: id } });
        said.set(chat.id, { id, at: Date.now() });
      } catch {
        // The next message, or the next connection, says it too.
      }
    }
  }

  const stops = [client.chats, client.connection].map((view) =>
    view.subscribe(() => {
      later(pauseMs);
    }),
  );
  later(pauseMs);
  return () => {
    isOver = true;
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
