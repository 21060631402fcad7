import { toJsonColumn, type Transaction } from '../../database/index.js';
import { scheduledJson } from './scheduled.fields.js';
import type { ScheduledMessage } from './scheduled.schemas.js';

/** Those that wait or have failed. @param after exclusive. */
export async function findScheduled(
  db: Transaction,
  userId: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<ScheduledMessage[]> {
  const rows = await db.$queryRawUnsafe<{ scheduled: ScheduledMessage }[]>(
    `select ${scheduledJson('s')} as scheduled from public.scheduled_message s
    where s.user_id = $1::int8 and s.state in ('waiting', 'failed') and s.id > $2::int8 order by s.id limit $3::int8`,
    userId,
    after,
    limit,
  );
  return rows.map(({ scheduled }) => scheduled);
}

/** @throws Error when it is not there. */
export async function readScheduled(tx: Transaction, id: number): Promise<ScheduledMessage> {
  const [row] = await tx.$queryRawUnsafe<{ scheduled: ScheduledMessage }[]>(
    `select ${scheduledJson('s')} as scheduled from public.scheduled_message s where s.id = $1::int8`,
    id,
  );
  if (!row) throw new Error(`There is no scheduled message ${id}.`);
  return row.scheduled;
}

export async function countScheduled(tx: Transaction, userId: number): Promise<number> {
  return tx.scheduledMessage.count({ where: { user_id: BigInt(userId), state: { in: ['waiting', 'failed'] } } });
}

/** Of any state. */
export async function findByClientId(
  tx: Transaction,
  userId: number,
  clientId: string,
): Promise<{ readonly id: number; readonly chatId: number } | undefined> {
  const found = await tx.scheduledMessage.findUnique({
    where: { user_id_client_id: { user_id: BigInt(userId), client_id: clientId } },
    select: { id: true, chat_id: true },
  });
  return found ? { id: Number(found.id), chatId: Number(found.chat_id) } : undefined;
}

/** What a send takes beyond the contents and what is answered, by name; null: nothing. */
export type Inputs = Readonly<Record<string, unknown>> | null;

export interface NewScheduled {
  readonly userId: number;
  readonly chatId: number;
  readonly contents: string;
  readonly replyToId: number | undefined;
  readonly inputs: Inputs;
  readonly clientId: string;
  readonly viaKeyId: number | undefined;
  readonly sendAt: Date;
}

/** @returns its id. */
export async function insertScheduled(tx: Transaction, scheduled: NewScheduled, mePts: number): Promise<number> {
  const { id } = await tx.scheduledMessage.create({
    data: {
      ...{ user_id: scheduled.userId, chat_id: scheduled.chatId, contents: scheduled.contents },
      ...{ reply_to_id: scheduled.replyToId ?? null, client_id: scheduled.clientId },
      ...{ via_key_id: scheduled.viaKeyId ?? null, send_at: scheduled.sendAt, due_at: scheduled.sendAt },
      ...{ state: 'waiting', me_pts: mePts, inputs: toJsonColumn(scheduled.inputs) },
    },
    select: { id: true },
  });
  return Number(id);
}

/** What may be changed of one, and what decides whether it may. */
export interface StoredScheduled {
  readonly chatId: number;
  readonly contents: string;
  readonly replyToId: number | null;
  readonly inputs: Inputs;
  readonly sendAt: Date;
  readonly state: ScheduledMessage['state'];
  /** Why it has failed; null: it has not. */
  readonly reason: string | null;
  readonly isClaimed: boolean;
}

/** Locks it until the transaction ends. */
export async function lockScheduled(tx: Transaction, userId: number, id: number): Promise<StoredScheduled | undefined> {
  const [row] = await tx.$queryRaw<
    {
      chat_id: bigint;
      contents: string;
      reply_to_id: bigint | null;
      inputs: Inputs;
      send_at: Date;
      state: ScheduledMessage['state'];
      reason: string | null;
      is_claimed: boolean;
    }[]
  >`
    select chat_id, contents, reply_to_id, inputs, send_at, state, reason, claimed_at is not null as is_claimed
    from public.scheduled_message where id = ${id} and user_id = ${userId} for no key update`;
  return (
    row && {
      ...{ chatId: Number(row.chat_id), contents: row.contents, sendAt: row.send_at, state: row.state },
      replyToId: row.reply_to_id === null ? null : Number(row.reply_to_id),
      ...{ inputs: row.inputs, reason: row.reason, isClaimed: row.is_claimed },
    }
  );
}

export async function writeScheduled(
  tx: Transaction,
  id: number,
  {
    contents,
    replyToId,
    inputs,
    sendAt,
    state,
  }: Pick<StoredScheduled, 'contents' | 'replyToId' | 'inputs' | 'sendAt' | 'state'>,
  mePts: number,
): Promise<void> {
  const waits = state === 'waiting' ? { due_at: sendAt, reason: null } : {};
  const written = { contents, reply_to_id: replyToId, inputs: toJsonColumn(inputs) };
  const data = { ...written, send_at: sendAt, state, me_pts: mePts, ...waits };
  await tx.scheduledMessage.update({ where: { id }, data, select: { id: true } });
}

export async function writeCancelled(tx: Transaction, id: number, mePts: number): Promise<void> {
  const written = { contents: '', inputs: toJsonColumn(null) };
  const data = { ...written, state: 'cancelled', due_at: null, reason: null, me_pts: mePts };
  await tx.scheduledMessage.update({ where: { id }, data, select: { id: true } });
}

/** One that is to be sent now, and that nobody else sends for a while. */
export interface ClaimedScheduled extends Omit<NewScheduled, 'sendAt'> {
  readonly id: number;
  readonly isAuthorSuspended: boolean;
}

interface ClaimedRow {
  readonly id: bigint;
  readonly user_id: bigint;
  readonly chat_id: bigint;
  readonly contents: string;
  readonly reply_to_id: bigint | null;
  readonly inputs: Inputs;
  readonly client_id: string;
  readonly via_key_id: bigint | null;
  readonly is_suspended: boolean;
}

function toClaimed(row: ClaimedRow): ClaimedScheduled {
  return {
    ...{ id: Number(row.id), userId: Number(row.user_id), chatId: Number(row.chat_id), contents: row.contents },
    ...{ inputs: row.inputs, clientId: row.client_id, isAuthorSuspended: row.is_suspended },
    replyToId: row.reply_to_id === null ? undefined : Number(row.reply_to_id),
    viaKeyId: row.via_key_id === null ? undefined : Number(row.via_key_id),
  };
}

/**
 * Takes some whose time has come, those that have waited longest. From then on nobody changes or cancels them. No other process
 * sends them for so long; then one does, should this process have died.
 */
export async function claimScheduled(db: Transaction, limit: number, leaseMs: number): Promise<ClaimedScheduled[]> {
  const rows = await db.$queryRaw<ClaimedRow[]>`
    with due as materialized (
      select id from public.scheduled_message where due_at <= now() order by due_at, id limit ${limit} for update skip locked
    ), claimed as (
      update public.scheduled_message s
      set due_at = now() + ${leaseMs}::float8 * interval '1 millisecond', claimed_at = coalesce(claimed_at, now())
      from due where s.id = due.id
      returning s.*
    )
    select id, user_id, chat_id, contents, reply_to_id, inputs, client_id, via_key_id,
      (select suspended_at is not null from public."user" where id = claimed.user_id) as is_suspended
    from claimed order by send_at, id`;
  return rows.map(toClaimed);
}

/** Takes one for the user, who has locked it, also before its time or after it has failed. */
export async function claimOne(tx: Transaction, id: number, leaseMs: number): Promise<ClaimedScheduled> {
  const [row] = await tx.$queryRaw<[ClaimedRow]>`
    update public.scheduled_message
    set state = 'waiting', reason = null, claimed_at = now(), due_at = now() + ${leaseMs}::float8 * interval '1 millisecond'
    where id = ${id}
    returning id, user_id, chat_id, contents, reply_to_id, inputs, client_id, via_key_id, false as is_suspended`;
  return toClaimed(row);
}

/** Nothing was sent: it waits again. @param dueAt undefined: until its time. */
export async function releaseScheduled(db: Transaction, id: number, dueAt?: Date): Promise<void> {
  await db.$executeRaw`
    update public.scheduled_message set claimed_at = null, due_at = coalesce(${dueAt ?? null}::timestamptz, send_at)
    where id = ${id} and state = 'waiting'`;
}

/** How one has ended. */
export interface EndedScheduled {
  readonly id: number;
  /** The code by which it has failed; null: it is sent. */
  readonly reason: string | null;
  /** null where it has failed, or is gone again. */
  readonly messageId: number | null;
}

export interface EndedState {
  readonly userId: number;
  readonly mePts: number;
  readonly scheduled: ScheduledMessage;
}

/**
 * Writes how they have ended, each with a number of its author's log. Those that another process has written are left as they are. Rows are
 * locked before logs, both in the order of the users, so that two processes never wait for each other.
 */
export async function endScheduled(db: Transaction, ended: readonly EndedScheduled[]): Promise<EndedState[]> {
  const rows = await db.$queryRawUnsafe<{ user_id: bigint; me_pts: bigint; scheduled: ScheduledMessage }[]>(
    `with ended as materialized (
      select * from unnest($1::int8[], $2::text[], $3::int8[]) ended (id, reason, message_id)
    ), locked as materialized (
      select s.id, s.user_id, ended.reason, ended.message_id
      from public.scheduled_message s join ended on ended.id = s.id
      where s.state = 'waiting'
      order by s.user_id, s.id
      for no key update of s
    ), log as materialized (
      insert into public.user_log as log (user_id, me_pts)
      select user_id, count(*) from locked group by user_id order by user_id
      on conflict (user_id) do update set me_pts = log.me_pts + excluded.me_pts
      returning user_id, me_pts
    ), written as (
      update public.scheduled_message s
      set state = case when numbered.reason is null then 'sent' else 'failed' end, reason = numbered.reason,
        contents = case when numbered.reason is null then '' else s.contents end,
        inputs = case when numbered.reason is not null then s.inputs end,
        sent_message_id = numbered.message_id, due_at = null, claimed_at = null, me_pts = numbered.me_pts
      from (
        select locked.*, log.me_pts + 1 - row_number() over (partition by locked.user_id order by locked.id desc) as me_pts
        from locked join log on log.user_id = locked.user_id
      ) numbered
      where s.id = numbered.id
      returning s.*
    )
    select user_id, me_pts, ${scheduledJson('written')} as scheduled from written order by me_pts`,
    ended.map(({ id }) => id),
    ended.map(({ reason }) => reason),
    ended.map(({ messageId }) => messageId),
  );
  return rows.map(({ user_id, me_pts, scheduled }) => ({ userId: Number(user_id), mePts: Number(me_pts), scheduled }));
}
