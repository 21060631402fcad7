import type { Transaction } from '../../database/index.js';
import { findMissing } from '../users/index.js';
import { userDoesNotExist } from './participants.errors.js';

/**
 * Within the transaction that brings people into a chat with the user: their teams may have changed before.
 * @param field that names them.
 * @throws USER_NOT_EXISTS with the first of them who is not there, or whom the user does not meet: nothing tells these apart.
 */
export async function requireMet(
  tx: Transaction,
  userId: number,
  otherIds: readonly number[],
  field: string,
): Promise<void> {
  const missing = await findMissing(tx, userId, otherIds);
  if (missing !== undefined) throw userDoesNotExist({ errors: { [field]: `There is no user ${missing}.` } });
}
