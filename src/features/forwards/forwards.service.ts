import { commitChange, type Context } from '../../changes/index.js';
import type { Services } from '../feature.js';
import {
  getMessage,
  messageDoesNotExist,
  messageUpdated,
  requireSeen,
  sendMessage,
  type Asker,
  type FoundMessage,
  type SentMessage,
} from '../messages/index.js';
import { forwardingForbidden } from './forwards.errors.js';
import { blankAuthor, findCopiesOf, findCopy, findOriginal, findSourceId } from './forwards.queries.js';
import type { ForwardMessage } from './forwards.schemas.js';

/**
 * Sends a copy of a message, once also when the source has changed before the request is repeated.
 * @throws MESSAGE_DOES_NOT_EXIST for a source that the user does not see, FORWARDING_FORBIDDEN, and what a send throws.
 */
export async function forwardMessage(
  services: Services,
  asker: Asker,
  chatId: number,
  { message_id: sourceId, client_id: clientId }: ForwardMessage,
  keyId: number | undefined,
): Promise<SentMessage> {
  const { db, model } = services;
  const { userId } = asker;
  if (clientId !== undefined) {
    const copy = await db.inTurn(userId, () => findCopy(db, model, userId, chatId, clientId));
    if (copy) return { ...(copy.message as SentMessage), pts: copy.pts, deduplicated: true };
  }
  await requireSeen(services, asker, sourceId);
  const found = await db.inTurn(userId, () => findOriginal(db, sourceId, userId));
  if (!found) throw messageDoesNotExist();
  const { contents, source, isForbidden } = found;
  if (isForbidden) throw forwardingForbidden();
  const copy = { contents, forwarded: source, ...(clientId !== undefined && { client_id: clientId }) };
  return sendMessage(services, userId, chatId, copy, keyId === undefined ? undefined : { keyId });
}

/** @throws NOT_AUTHORIZED; MESSAGE_DOES_NOT_EXIST where the user sees no copy, or not its source. */
export async function getSource(context: Context, asker: Asker, messageId: number): Promise<FoundMessage> {
  const { db } = context;
  await requireSeen(context, asker, messageId);
  const sourceId = await db.inTurn(asker.userId, () => findSourceId(db, messageId));
  if (sourceId === undefined) throw messageDoesNotExist();
  return getMessage(context, asker, sourceId);
}

/**
 * Takes the name of a user who is erased out of copies, so many at the most, each as a change of its message.
 * @returns whether there were any.
 */
export async function blankForwardsOf(context: Context, userId: number, limit: number): Promise<boolean> {
  const left = await findCopiesOf(context.db, userId, limit);
  for (const { messageId, chatId } of left) {
    await commitChange(
      context,
      messageUpdated,
      { chatId, actorId: userId, byServer: true },
      {
        write: (tx, pts) => blankAuthor(tx, context.model, messageId, pts),
        answer: () => Promise.resolve(),
      },
    );
  }
  return left.length > 0;
}
