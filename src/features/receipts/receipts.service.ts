import { chatDoesNotExist, type Context } from '../../changes/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { getChat } from '../chats/index.js';
import { requireSeen, type Asker } from '../messages/index.js';
import { publishMark } from '../reads/index.js';
import { receiptsOff } from './receipts.errors.js';
import { DELIVERED_EVENT } from './receipts.events.js';
import { findViewer, readReceipts } from './receipts.queries.js';
import { MAX_COUNTED, MAX_NAMED, type DeliveredMark, type Receipts } from './receipts.schemas.js';

/** Moves the mark of what the user's devices have on to the message. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST. */
export async function markDelivered(
  context: Context,
  userId: number,
  chatId: number,
  messageId: number,
): Promise<DeliveredMark> {
  const mark = await context.statements.participant.moveDeliveredMark(userId, chatId, messageId);
  if (!mark) {
    // Nothing was kept. Says whether the user is gone, or only not in the chat.
    await getChat(context, userId, chatId, { participants: 0 });
    throw chatDoesNotExist();
  }
  if (mark.hasMoved && mark.messageId !== null) {
    publishMark(context, DELIVERED_EVENT, { chatId, userId, messageId: mark.messageId }, mark);
  }
  return { chat_id: chatId, delivered_message_id: mark.messageId };
}

/**
 * Who has received a message, and read it.
 * @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST: see getMessage; RECEIPTS_OFF to whom shows none.
 */
export async function getReceipts(context: Context, asker: Asker, messageId: number): Promise<Receipts> {
  const { db, model } = context;
  const message = await requireSeen(context, asker, messageId);
  return db.inTurn(asker.userId, async () => {
    const viewer = await findViewer(db, asker.userId, message.chat_id);
    if (!viewer) throw notAuthorized();
    if (!viewer.shows_receipts) throw receiptsOff();
    if (viewer.participant_count > MAX_COUNTED) {
      return { read_count: null, delivered_count: null, of_count: null, read: null, delivered: null };
    }
    return readReceipts(db, model, message, viewer.participant_count <= MAX_NAMED);
  });
}
