import type { Transaction } from '../../database/index.js';

/** A message whose time has come. */
export interface ExpiredMessage {
  readonly id: number;
  readonly chat_id: number;
  readonly author_id: number;
}

/**
 * Takes some whose time has come, those that have waited longest. No other process does for so long; then one does, should this
 * process have died.
 */
export async function claimExpired(db: Transaction, limit: number, leaseMs: number): Promise<ExpiredMessage[]> {
  const rows = await db.$queryRaw<{ id: bigint; chat_id: bigint; author_id: bigint }[]>`
    with due as materialized (
      select message_id from public.message_expiry where due_at <= now() order by due_at limit ${limit} for update skip locked
    ), claimed as (
      update public.message_expiry e set due_at = now() + ${leaseMs}::float8 * interval '1 millisecond'
      from due where e.message_id = due.message_id
      returning e.message_id
    )
    select m.id, m.chat_id, m.author_id
    from claimed
    cross join lateral (select id, chat_id, author_id from public.message where id = claimed.message_id offset 0) m
    order by m.chat_id, m.id`;
  return rows.map(({ id, chat_id, author_id }) => ({
    id: Number(id),
    chat_id: Number(chat_id),
    author_id: Number(author_id),
  }));
}
