import { maySee, utcJson, claimDue, type MessageRow, type ReadModel, type Transaction } from '../../database/index.js';
import { FIRST } from './thread.fields.js';

/** Who wrote first is looked for among so many messages of a thread. */
const MAX_EARLY = 100;

/** Changes of one thread that are yet to be carried out. */
export interface ThreadChanges {
  readonly rootId: number;
  readonly ids: readonly number[];
  /** By how much the number of replies changes; null: all of them are counted already. */
  readonly delta: number | null;
  /** Whether some of them are of the shadow, which their authors alone see. */
  readonly isShadowed: boolean;
}

/** Under the lock of the chat. */
export async function readChanges(tx: Transaction, rootIds: readonly number[]): Promise<ThreadChanges[]> {
  const rows = await tx.$queryRaw<{ root_id: bigint; ids: bigint[]; delta: number | null; is_shadowed: boolean }[]>`
    select root_id, array_agg(id) as ids,
      (sum(case when shadowed then 0 else delta end) filter (where not is_counted))::int as delta,
      coalesce(bool_or(shadowed) filter (where not is_counted), false) as is_shadowed
    from public.thread_change where root_id = any (${rootIds}::int8[]) group by root_id order by root_id`;
  return rows.map(({ root_id, ids, delta, is_shadowed: isShadowed }) => ({
    ...{ rootId: Number(root_id), ids: ids.map(Number), delta, isShadowed },
  }));
}

/** What a message is to show of its thread. */
interface NextThread {
  /** As JSON; null: nothing. */
  readonly thread: string | null;
  readonly is_same: boolean;
}

/** @returns undefined when the message is gone. */
export async function readNextThread(tx: Transaction, rootId: number, delta: number): Promise<NextThread | undefined> {
  const [next] = await tx.$queryRawUnsafe<NextThread[]>(
    `select thread::text as thread, thread is not distinct from before as is_same
    from (
      select root.thread as before, case when last.id is not null then jsonb_build_object(
        'reply_count', coalesce((root.thread ->> 'reply_count')::int, 0) + $2::int,
        'last_reply_id', last.id,
        'last_reply_at', ${utcJson('last.created_at')},
        'participants', (
          select jsonb_agg(author_id order by first_id) from (
            select author_id, min(id) as first_id from (
              select m.id, m.author_id
              from (select message_id from public.thread_reply where root_id = $1::int8 order by message_id limit ${MAX_EARLY}) early
              cross join lateral (select id, author_id from public.message where id = early.message_id offset 0) m
            ) written
            group by author_id order by first_id limit ${FIRST}
          ) first
        )) end as thread
      from public.message root
      left join lateral (
        select m.id, m.created_at
        from (select message_id from public.thread_reply where root_id = $1::int8 order by message_id desc limit 1) reply
        cross join lateral (select id, created_at from public.message where id = reply.message_id offset 0) m
      ) last on true
      where root.id = $1::int8
    ) next`,
    rootId,
    delta,
  );
  return next;
}

/** Keeps it with the message, and its number. @returns the message as it is then, for everybody. */
export async function keepThread(
  tx: Transaction,
  { message }: ReadModel,
  rootId: number,
  { thread, isShadowed }: { readonly thread: string | null; readonly isShadowed: boolean },
  pts: number,
): Promise<MessageRow> {
  const [row] = await tx.$queryRawUnsafe<[{ message: MessageRow }]>(
    `update public.message m set thread = $2::jsonb, pts = $3::int8, shadow_replies = case when $4 then true else shadow_replies end
    where id = $1::int8
    returning ${message.json('m')} as message`,
    rootId,
    thread,
    pts,
    isShadowed,
  );
  return row.message;
}

/** Somebody who is to follow a thread. */
export interface NewFollower {
  readonly userId: number;
  readonly rootId: number;
  readonly chatId: number;
  /** The last message that they have written there; null: theirs is the message whose thread it is. */
  readonly writtenId: number | null;
}

/** Those who follow by new replies and don't yet: their authors, and the author of the message, unless that one has chosen. */
export async function findNewFollowers(tx: Transaction, ids: readonly number[]): Promise<NewFollower[]> {
  const rows = await tx.$queryRawUnsafe<
    { user_id: bigint; root_id: bigint; chat_id: bigint; written_id: bigint | null }[]
  >(
    `select wanted.user_id, wanted.root_id, root.chat_id, wanted.written_id
    from (
      select author_id as user_id, root_id, max(message_id) as written_id
      from public.thread_change where id = any ($1::int8[]) and delta = 1 group by author_id, root_id
      union all
      select distinct m.author_id, change.root_id, null::int8
      from public.thread_change change join public.message m on m.id = change.root_id
      where change.id = any ($1::int8[]) and delta = 1 and change.shadowed is null
    ) wanted
    join public.message root on root.id = wanted.root_id
    join public."user" on "user".id = wanted.user_id and "user".erased_at is null
    join public.chat_participant p on p.chat_id = root.chat_id and p.user_id = wanted.user_id and ${maySee('p', 'root')}
    left join public.thread_state state on state.user_id = wanted.user_id and state.root_id = wanted.root_id
    where case when wanted.written_id is null then state.id is null else state.following is distinct from true end
    order by wanted.written_id is null, wanted.root_id, wanted.user_id`,
    ids,
  );
  return rows.map(({ user_id, root_id, chat_id, written_id }) => ({
    ...{ userId: Number(user_id), rootId: Number(root_id), chatId: Number(chat_id) },
    writtenId: written_id === null ? null : Number(written_id),
  }));
}

export async function markCounted(tx: Transaction, ids: readonly number[]): Promise<void> {
  await tx.$executeRaw`update public.thread_change set is_counted = true where id = any (${ids}::int8[])`;
}

export async function removeChanges(db: Transaction, ids: readonly number[]): Promise<void> {
  await db.$executeRaw`delete from public.thread_change where id = any (${ids}::int8[])`;
}

/** A change that nobody has carried out in time. */
export interface DueChange {
  readonly chatId: number;
  readonly rootId: number;
  readonly userId: number;
}

/** Takes some whose time has come: see claimDue. */
export async function claimChanges(db: Transaction, limit: number, leaseMs: number): Promise<DueChange[]> {
  const rows = await claimDue<{ chat_id: bigint; root_id: bigint; author_id: bigint }>(
    db,
    { table: 'thread_change', key: 'id' },
    { limit, leaseMs },
    'select chat_id, root_id, author_id from claimed',
  );
  return rows.map((row) => ({
    ...{ chatId: Number(row.chat_id), rootId: Number(row.root_id), userId: Number(row.author_id) },
  }));
}
