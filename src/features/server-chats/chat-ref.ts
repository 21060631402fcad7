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

export async function findChatId(db: Transaction, ref: string): Promise<number | undefined> {
  const key = keyOf(ref);
  if (key === undefined && !Number.isSafeInteger(Number(ref))) return undefined;
  const where = key === undefined ? { id: BigInt(ref) } : { key };
  const chat = await db.chat.findUnique({ where, select: { id: true } });
  return chat ? Number(chat.id) : undefined;
}

/** @throws CHAT_DOES_NOT_EXIST */
export async function requireChatId(db: Transaction, ref: string): Promise<number> {
  const chatId = await findChatId(db, ref);
  if (chatId === undefined) throw chatDoesNotExist();
  return chatId;
}
