import { claimDue, type Transaction } from '../../database/index.js';
import { reminderProjection } from './reminders.fields.js';
import type { Reminder } from './reminders.schemas.js';

/** Those that have not ended, in the order of their times. */
export async function findReminders(db: Transaction, userId: number): Promise<Reminder[]> {
  const rows = await db.$queryRawUnsafe<{ reminder: Reminder }[]>(
    `select ${reminderProjection.json('r')} as reminder from public.reminder r
    where r.user_id = $1::int8 and r.state <> 'ended' order by r.remind_at, r.id`,
    userId,
  );
  return rows.map(({ reminder }) => reminder);
}

export async function countReminders(tx: Transaction, userId: number): Promise<number> {
  return tx.reminder.count({ where: { user_id: BigInt(userId), state: { not: 'ended' } } });
}

interface StoredReminder {
  readonly id: bigint;
  readonly remind_at: Date;
  readonly state: Reminder['state'];
}

/** Locks it until the transaction ends. */
export async function lockReminder(
  tx: Transaction,
  userId: number,
  messageId: number,
): Promise<StoredReminder | undefined> {
  const [row] = await tx.$queryRaw<StoredReminder[]>`
    select id, remind_at, state from public.reminder
    where user_id = ${userId} and message_id = ${messageId} for no key update`;
  return row;
}

/** @returns its id. */
export async function writeWaiting(
  tx: Transaction,
  of: { readonly userId: number; readonly messageId: number; readonly chatId: number },
  remindAt: Date,
  mePts: number,
): Promise<number> {
  const key = { user_id: BigInt(of.userId), message_id: BigInt(of.messageId) };
  const state = { remind_at: remindAt, due_at: remindAt, state: 'waiting', me_pts: BigInt(mePts) };
  const { id } = await tx.reminder.upsert({
    where: { user_id_message_id: key },
    create: { ...key, chat_id: BigInt(of.chatId), ...state },
    update: state,
    select: { id: true },
  });
  return Number(id);
}

/** It waits no more. */
export async function writeState(
  tx: Transaction,
  id: bigint | number,
  state: 'due' | 'ended',
  mePts: number,
): Promise<void> {
  await tx.reminder.update({
    where: { id },
    data: { state, due_at: null, me_pts: BigInt(mePts) },
    select: { id: true },
  });
}

/** One whose time has come. */
export interface ClaimedReminder {
  readonly userId: number;
  readonly messageId: number;
}

/** Takes some whose time has come: see claimDue. */
export async function claimReminders(db: Transaction, limit: number, leaseMs: number): Promise<ClaimedReminder[]> {
  const rows = await claimDue<{ user_id: bigint; message_id: bigint }>(
    db,
    { table: 'reminder', key: 'id' },
    { limit, leaseMs },
    'select user_id, message_id from claimed',
  );
  return rows.map(({ user_id, message_id }) => ({ userId: Number(user_id), messageId: Number(message_id) }));
}
