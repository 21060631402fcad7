import { claimDue, type Transaction } from '../../database/index.js';

/** A message whose time has come. */
export interface ExpiredMessage {
  readonly id: number;
  readonly chat_id: number;
  readonly author_id: number;
}

/** Takes some whose time has come: see claimDue. */
export async function claimExpired(db: Transaction, limit: number, leaseMs: number): Promise<ExpiredMessage[]> {
  const rows = await claimDue<{ id: bigint; chat_id: bigint; author_id: bigint }>(
    db,
    { table: 'message_expiry', key: 'message_id' },
    { limit, leaseMs },
    `select m.id, m.chat_id, m.author_id
    from claimed
    cross join lateral (select id, chat_id, author_id from public.message where id = claimed.message_id offset 0) m
    order by m.chat_id, m.id`,
  );
  return rows.map(({ id, chat_id, author_id }) => ({
    id: Number(id),
    chat_id: Number(chat_id),
    author_id: Number(author_id),
  }));
}
