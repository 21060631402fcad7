import { claimDue, type Transaction } from '../../database/index.js';
import type { DeletedMessages } from './sanctions.schemas.js';

/** What is yet to be deleted of somebody. */
export interface Removal {
  readonly id: number;
  readonly authorId: number;
  readonly actorId: number;
  /** How long ago it was asked for. */
  readonly ageMs: number;
}

/** @param chatId undefined: in all chats. */
export async function insertRemoval(
  tx: Transaction,
  removal: {
    readonly authorId: number;
    readonly chatId?: number;
    readonly actorId: number;
    readonly which: DeletedMessages;
  },
): Promise<void> {
  const { authorId, chatId, actorId, which } = removal;
  if (which === 'none') return;
  await tx.$executeRaw`
    insert into public.message_removal (author_id, chat_id, actor_id, since)
    values (${authorId}, ${chatId ?? null}::int8, ${actorId},
      case when ${which === 'last_24h'} then now() - interval '24 hours' end)`;
}

/** Takes the one that has waited longest: see claimDue. */
export async function claimRemoval(db: Transaction, leaseMs: number): Promise<Removal | undefined> {
  const [claimed] = await claimDue<{ id: bigint; author_id: bigint; actor_id: bigint; age_ms: number }>(
    db,
    { table: 'message_removal', key: 'id' },
    { limit: 1, leaseMs },
    'select id, author_id, actor_id, (extract(epoch from now() - created_at) * 1000)::float8 as age_ms from claimed',
  );
  return (
    claimed && {
      ...{ id: Number(claimed.id), authorId: Number(claimed.author_id), actorId: Number(claimed.actor_id) },
      ageMs: claimed.age_ms,
    }
  );
}

export async function postponeRemoval(db: Transaction, id: number, delayMs: number): Promise<void> {
  await db.$executeRaw`
    update public.message_removal set due_at = now() + ${delayMs}::float8 * interval '1 millisecond' where id = ${id}`;
}

export async function finishRemoval(db: Transaction, id: number): Promise<void> {
  await db.$executeRaw`delete from public.message_removal where id = ${id}`;
}

/** The next messages. The author's are found by their index, which is in no order. @param graceMs so much later is deleted, too. */
export async function findRemoved(
  db: Transaction,
  id: number,
  { limit, graceMs }: { readonly limit: number; readonly graceMs: number },
): Promise<{ readonly id: number; readonly chatId: number }[]> {
  const rows = await db.$queryRaw<{ id: bigint; chat_id: bigint }[]>`
    select found.id, found.chat_id
    from public.message_removal r
    cross join lateral (
      select id, chat_id from (
        select id, chat_id, created_at from public.message where author_id = r.author_id offset 0
      ) written
      where (r.chat_id is null or chat_id = r.chat_id)
        and created_at >= coalesce(r.since, '-infinity')
        and created_at <= r.created_at + ${graceMs}::float8 * interval '1 millisecond'
      limit ${limit}
    ) found
    where r.id = ${id}`;
  return rows.map((row) => ({ id: Number(row.id), chatId: Number(row.chat_id) }));
}
