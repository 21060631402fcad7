import {
  MINE,
  isThere,
  maySee,
  claimDue,
  type MessageRow,
  type ReadModel,
  type Transaction,
} from '../../database/index.js';

/** Since when a message is pinned. */
interface Pin {
  readonly userId: number;
  readonly at: Date;
  readonly until: Date | null;
}

/** Under the lock of the chat. @returns undefined when the message is not pinned. */
export async function findPin(tx: Transaction, messageId: number): Promise<Pin | undefined> {
  const found = await tx.messagePin.findUnique({ where: { message_id: messageId } });
  return found ? { userId: Number(found.user_id), at: found.created_at, until: found.until } : undefined;
}

/** Of the messages that the user sees: others of the shadow take no place from them. */
export function countPins(tx: Transaction, chatId: number, userId: number): Promise<number> {
  const seen = { OR: [{ shadowed: null }, { author_id: userId }] };
  return tx.messagePin.count({ where: { chat_id: chatId, message: seen } });
}

/** A pin that is there keeps its place. */
export async function writePin(
  tx: Transaction,
  message: { readonly id: number; readonly chat_id: number },
  { userId, at, until }: Pin,
): Promise<void> {
  const state = { user_id: userId, created_at: at, until, due_at: until };
  await tx.messagePin.upsert({
    where: { message_id: message.id },
    create: { message_id: message.id, chat_id: message.chat_id, ...state },
    update: state,
    select: { id: true },
  });
}

export async function removePin(tx: Transaction, messageId: number): Promise<void> {
  await tx.messagePin.deleteMany({ where: { message_id: messageId } });
}

/** Keeps the pin with the message, and its number. @returns the message as it is then, for everybody; undefined when it is gone. */
export async function keepPinned(
  tx: Transaction,
  { message }: ReadModel,
  messageId: number,
  pin: Pin | undefined,
  pts: number,
): Promise<MessageRow | undefined> {
  const pinned = pin && { at: pin.at, by: pin.userId, ...(pin.until && { until: pin.until }) };
  const [row] = await tx.$queryRawUnsafe<{ message: MessageRow }[]>(
    `update public.message m set pinned = $2::jsonb, pts = $3::int8 where id = $1::int8
    returning ${message.json('m')} as message`,
    messageId,
    pinned ? JSON.stringify(pinned) : null,
    pts,
  );
  return row?.message;
}

/** A pin, and its message as the reader sees it. */
export interface ListedPin {
  readonly id: bigint;
  readonly message: MessageRow;
}

/** Of the messages that the user sees; none for who takes no part in the chat. */
export function listPins(
  db: Transaction,
  { message }: ReadModel,
  userId: number,
  chatId: number,
  page: { readonly before: number; readonly limit: number },
): Promise<ListedPin[]> {
  return db.$queryRawUnsafe(
    `select pin.id, ${message.json('m', MINE)} as message
    from public.chat_participant mine
    join public.message_pin pin on pin.chat_id = mine.chat_id and pin.id < $3::int8
      and (pin.until is null or pin.until > clock_timestamp())
    join public.message m on m.id = pin.message_id and ${isThere('m')} and ${maySee('mine', 'm')}
    where mine.chat_id = $2::int8 and mine.user_id = $1::int8
    order by pin.id desc limit $4::int8`,
    userId,
    chatId,
    page.before,
    page.limit,
  );
}

/** A pin that somebody has made. */
export interface OwnedPin {
  readonly messageId: number;
  readonly chatId: number;
  readonly userId: number;
}

interface PinRow {
  readonly message_id: bigint;
  readonly chat_id: bigint;
  readonly user_id: bigint;
}

function ownedPin({ message_id, chat_id, user_id }: PinRow): OwnedPin {
  return { messageId: Number(message_id), chatId: Number(chat_id), userId: Number(user_id) };
}

/** Takes some whose time has come: see claimDue. */
export async function claimPins(db: Transaction, limit: number, leaseMs: number): Promise<OwnedPin[]> {
  const rows = await claimDue<PinRow>(
    db,
    { table: 'message_pin', key: 'message_id' },
    { limit, leaseMs },
    'select message_id, chat_id, user_id from claimed',
  );
  return rows.map(ownedPin);
}

/** Pins that the user has made. */
export async function findPinsOf(db: Transaction, userId: number, limit: number): Promise<OwnedPin[]> {
  const rows = await db.messagePin.findMany({
    where: { user_id: userId },
    take: limit,
    select: { message_id: true, chat_id: true, user_id: true },
  });
  return rows.map(ownedPin);
}
