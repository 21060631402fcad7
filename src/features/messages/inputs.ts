import { findRefusal, type Context } from '../../changes/index.js';
import type { InputRefusal, Transaction } from '../../database/index.js';
import { validationError, type ApiError } from '../../shared/errors.js';
import type { Registry } from '../feature.js';
import { threadDoesNotExist, threadInThread } from './messages.errors.js';
import { findInputRefusal } from './messages.queries.js';

/** What the database gets of what an author gives beside the contents. @throws VALIDATION_ERROR. */
export function takeInputs(
  { messageInputs }: Pick<Registry, 'messageInputs'>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const taken = { ...given };
  for (const { name, take } of messageInputs) if (take && name in given) taken[name] = take(given[name]);
  return taken;
}

/** @throws VALIDATION_ERROR for what no send takes at that time. */
export function requireInputsAt(
  { messageInputs }: Pick<Registry, 'messageInputs'>,
  given: Readonly<Record<string, unknown>>,
  time: Date,
): void {
  for (const { name, requireAt } of messageInputs) if (requireAt && name in given) requireAt(given[name], time);
}

/** What an input says against a message. */
export const INPUT_ERRORS: Readonly<Record<Exclude<InputRefusal, 'right missing'>, () => ApiError>> = {
  'no thread': threadDoesNotExist,
  'thread in a thread': threadInThread,
  'poll over': () => validationError({ errors: { 'poll.closes_at': 'must be in the future' } }),
};

/**
 * Looks at the inputs of a message that is to be sent later, within a transaction.
 * @param time when it is sent at the latest.
 * @throws what a send of it would be refused with if it were now: RIGHT_MISSING, RESTRICTED, THREAD_DOES_NOT_EXIST, THREAD_IN_THREAD,
 *   VALIDATION_ERROR; VALIDATION_ERROR also for what no send takes at that time.
 */
export async function requireSendableAt(
  tx: Transaction,
  { model, registry }: Pick<Context, 'model'> & { readonly registry: Pick<Registry, 'messageInputs'> },
  { userId, chatId, time }: { readonly userId: number; readonly chatId: number; readonly time: Date },
  given: Readonly<Record<string, unknown>> | null,
): Promise<void> {
  if (!given) return;
  requireInputsAt(registry, given, time);
  const refusal = await findInputRefusal(tx, model, { userId, chatId }, takeInputs(registry, given));
  if (refusal === 'right missing') throw await findRefusal(tx, chatId, userId);
  if (refusal) throw INPUT_ERRORS[refusal]();
}
