import { chatDoesNotExist } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { Text } from '../../shared/schema.js';

const PREFIX = 'key:';

/** How the host application names a chat: by its own key, or by the id of this server. */
export const ChatRef = Text({
  pattern: `^(${PREFIX}.{1,255}|[1-9][0-9]{0,15})$`,
  maxLength: PREFIX.length + 255,
  description: '`key:` and the key of the chat in the host application, or the id of the chat here.',
  examples: ['key:order:4711'],
});

/** @returns undefined for the id of a chat here. */
export function keyOf(ref: string): string | undefined {
  return ref.startsWith(PREFIX) ? ref.slice(PREFIX.length) : undefined;
}

/** The chats that there are, by their refs. */
export async function findChatIds(db: Transaction, refs: readonly string[]): Promise<Map<string, number>> {
  const keys = refs.flatMap((ref) => keyOf(ref) ?? []);
  const ids = refs.filter((ref) => keyOf(ref) === undefined && Number.isSafeInteger(Number(ref)));
  const found = await db.chat.findMany({
    where: { OR: [{ key: { in: keys } }, { id: { in: ids.map(BigInt) } }] },
    select: { id: true, key: true },
  });
  const byRef = new Map<string, number>();
  for (const { id, key } of found) {
    byRef.set(String(id), Number(id));
    if (key !== null) byRef.set(PREFIX + key, Number(id));
  }
  return byRef;
}

export async function findChatId(db: Transaction, ref: string): Promise<number | undefined> {
  return (await findChatIds(db, [ref])).get(ref);
}

/** @throws CHAT_DOES_NOT_EXIST */
export async function requireChatId(db: Transaction, ref: string): Promise<number> {
  const chatId = await findChatId(db, ref);
  if (chatId === undefined) throw chatDoesNotExist();
  return chatId;
}
