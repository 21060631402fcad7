import { commitChange, requireRight, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { placePage } from '../../shared/place-pages.js';
import { readUntil } from '../../shared/read-until.js';
import { getChat } from '../chats/index.js';
import {
  findWriting,
  messageDoesNotExist,
  messageUpdated,
  notAcceptingMessages,
  readPresent,
  requireSeen,
  type Asker,
  type Message,
} from '../messages/index.js';
import { tooManyPins } from './pins.errors.js';
import { countPins, findPin, keepPinned, listPins, removePin, writePin, type OwnedPin } from './pins.queries.js';
import type { PinList, PinListQuery } from './pins.schemas.js';

/** In a chat. */
const MAX_PINS = 100;

/**
 * A message that is pinned already keeps its place; another end is a change of it, and the same is none.
 * @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST; RIGHT_MISSING in a group, NOT_ACCEPTING_MESSAGES in a private chat whose two may not write to
 *   each other; VALIDATION_ERROR for an end that is past; TOO_MANY_PINS.
 */
export async function pinMessage(
  context: Context,
  asker: Asker,
  messageId: number,
  end: string | undefined,
): Promise<Message> {
  const until = readUntil(end);
  const { userId } = asker;
  return changePin(context, asker, messageId, async (tx, message, pts) => {
    const before = await findPin(tx, messageId);
    if (before?.until?.getTime() === until?.getTime() && before) return undefined;
    if (!before && (await countPins(tx, message.chat_id, userId)) >= MAX_PINS) throw tooManyPins();
    const pin = { ...(before ?? { userId, at: new Date() }), until };
    const kept = await keepPinned(tx, context.model, messageId, pin, pts);
    if (!kept) throw messageDoesNotExist();
    await writePin(tx, message, pin);
    return kept;
  });
}

/** A message that is not pinned stays as it is. @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, RIGHT_MISSING, NOT_ACCEPTING_MESSAGES. */
export function unpinMessage(context: Context, asker: Asker, messageId: number): Promise<Message> {
  return changePin(context, asker, messageId, async (tx, _message, pts) => {
    if (!(await findPin(tx, messageId))) return undefined;
    await removePin(tx, messageId);
    return keepPinned(tx, context.model, messageId, undefined, pts);
  });
}

async function changePin(
  context: Context,
  asker: Asker,
  messageId: number,
  change: (
    tx: Transaction,
    message: { readonly id: number; readonly chat_id: number },
    pts: number,
  ) => ReturnType<typeof keepPinned>,
): Promise<Message> {
  const { userId } = asker;
  const message = await requireSeen(context, asker, messageId);
  const { chat_id: chatId } = message;
  return commitChange(
    context,
    messageUpdated,
    { chatId, actorId: userId },
    {
      write: async (tx, pts) => {
        const { isGroup } = await requireRight(tx, chatId, userId, 'pin');
        // What one pins the other is shown, as if it were written to them.
        if (!isGroup && !(await findWriting(tx, userId, chatId)).may_write) throw notAcceptingMessages();
        return change(tx, message, pts);
      },
      answer: async (tx) => (await readPresent(tx, context.model, messageId, userId)).message as Message,
    },
  );
}

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getPins(
  context: Context,
  userId: number,
  chatId: number,
  { cursor, limit }: PinListQuery,
): Promise<PinList> {
  const { db, model, statements } = context;
  const before = Number(cursor ?? Number.MAX_SAFE_INTEGER);
  // One more than asked for says whether there are more.
  const rows = await db.inTurn(userId, () => listPins(db, model, userId, chatId, { before, limit: limit + 1 }));
  if (rows.length === 0) await getChat(context, userId, chatId, { participants: 0 });
  const { page, fields } = placePage(rows, limit, ({ id }) => id);
  const messages = page.map(({ message }) => message as Message);
  const authors = await statements.user.people(userId, [...new Set(messages.map(({ author_id }) => author_id))]);
  return { ...fields, authors: [...authors.values()] as PinList['authors'], messages };
}

/** A pin whose time has come. The user who made it may be gone, and it may have got another end meanwhile. */
export function endPin(context: Context, { messageId, chatId, userId }: OwnedPin): Promise<void> {
  return commitChange(
    context,
    messageUpdated,
    { chatId, actorId: userId, byServer: true },
    {
      write: async (tx, pts) => {
        const pin = await findPin(tx, messageId);
        if (!pin?.until || pin.until.getTime() > Date.now()) return undefined;
        await removePin(tx, messageId);
        return keepPinned(tx, context.model, messageId, undefined, pts);
      },
      answer: () => Promise.resolve(),
    },
  );
}

/** The pin is of somebody else from then on. */
export function passPinOn(context: Context, { messageId, chatId, userId }: OwnedPin, heirId: number): Promise<void> {
  return commitChange(
    context,
    messageUpdated,
    { chatId, actorId: heirId, byServer: true },
    {
      write: async (tx, pts) => {
        const pin = await findPin(tx, messageId);
        if (pin?.userId !== userId) return undefined;
        const passed = { ...pin, userId: heirId };
        await writePin(tx, { id: messageId, chat_id: chatId }, passed);
        return keepPinned(tx, context.model, messageId, passed, pts);
      },
      answer: () => Promise.resolve(),
    },
  );
}
