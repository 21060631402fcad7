import type { Context } from '../../changes/index.js';
import { findReactedBy } from './reactions.queries.js';
import { carryOut } from './reactions.service.js';

/**
 * Takes back reactions of a user who is being erased, so many at the most, each as a change of its message.
 * @returns whether there were any.
 */
export async function removeReactionsOf(context: Context, userId: number, limit: number): Promise<boolean> {
  const left = await findReactedBy(context.db, userId, limit);
  for (const { chatId, messageId, emoji } of left) {
    await carryOut(context, chatId, [{ messageId, userId, emoji, isAdded: false }], 'server');
  }
  return left.length > 0;
}
