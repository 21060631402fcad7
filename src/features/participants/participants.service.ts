import type { Transaction } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { findUserIds } from '../users/index.js';
import { chatDoesNotExist } from './participants.errors.js';
import { isParticipant, lockChat } from './participants.queries.js';

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
async function requireParticipant(tx: Transaction, userId: number, chatId: number): Promise<void> {
  if (await isParticipant(tx, userId, chatId)) return;
  const exists = (await findUserIds(tx, [userId])).has(userId);
  throw exists ? chatDoesNotExist() : notAuthorized();
}

/**
 * Locks the chat for a change by one of its participants.
 * @returns the pts that the change gets, when there is one.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST.
 */
export async function beginChange(tx: Transaction, userId: number, chatId: number): Promise<number> {
  // Before, so that no outsider can lock it; and again, because they may have been removed while it was waited for.
  await requireParticipant(tx, userId, chatId);
  const lastPts = await lockChat(tx, chatId);
  await requireParticipant(tx, userId, chatId);
  return lastPts + 1;
}
