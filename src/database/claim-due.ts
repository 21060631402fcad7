import type { Transaction } from './client.js';

/** A table of which each row says in `due_at` when it is to be looked at. */
interface DueTable {
  readonly table: string;
  /** The column by which its rows are known. */
  readonly key: string;
}

interface Claim {
  /** How many at the most. */
  readonly limit: number;
  readonly leaseMs: number;
}

/**
 * Takes some that are due, those that have waited longest. No other process does for so long; then one does, should this process have
 * died. No transaction stays open meanwhile: the embedded database has one connection.
 * @param read SQL for what is told of them, whose rows are called claimed.
 */
export function claimDue<Row>(
  db: Transaction,
  { table, key }: DueTable,
  { limit, leaseMs }: Claim,
  read: string,
): Promise<Row[]> {
  return db.$queryRawUnsafe(
    `with due as materialized (
      select ${key} from public.${table} where due_at <= now() order by due_at limit $1::int8 for update skip locked
    ), claimed as (
      update public.${table} taken set due_at = now() + $2::float8 * interval '1 millisecond'
      from due where taken.${key} = due.${key}
      returning taken.*
    )
    ${read}`,
    limit,
    leaseMs,
  );
}
