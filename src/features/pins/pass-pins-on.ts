import type { Context } from '../../changes/index.js';
import { findPinsOf } from './pins.queries.js';
import { passPinOn } from './pins.service.js';

/**
 * Gives pins of a user who is being erased to somebody else, so many at the most, each as a change of its message.
 * @returns whether there were any.
 */
export async function passPinsOn(context: Context, userId: number, heirId: number, limit: number): Promise<boolean> {
  const left = await findPinsOf(context.db, userId, limit);
  for (const pin of left) await passPinOn(context, pin, heirId);
  return left.length > 0;
}
