import { chatDoesNotExist, readStanding, refusalOf, type Standing } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import type { Right } from '../../shared/rights.js';
import { notAGroup } from '../chats/index.js';

/** @throws CHAT_DOES_NOT_EXIST when they take no part in it; NOT_A_GROUP, RIGHT_MISSING, RESTRICTED. */
export async function requireGroupRight(
  tx: Transaction,
  chatId: number,
  userId: number,
  right: Right,
): Promise<Standing> {
  const standing = await readStanding(tx, chatId, userId);
  if (!standing) throw chatDoesNotExist();
  if (!standing.isGroup) throw notAGroup();
  if (!standing.rights.includes(right)) throw refusalOf(standing);
  return standing;
}
