import { PrismaPg } from '@prisma/adapter-pg';
import type * as runtime from '@prisma/client/runtime/client';
import type { Pool } from 'pg';
import { FairQueue } from '../shared/fair-queue.js';
import type { Owner } from '../shared/round-robin.js';
import { PrismaClient } from './generated/client.js';
import { execute, type Statement } from './statements/statement.js';

/** How many works may wait for a connection, those of one user and those of all. */
const WAITING = { waitingPerOwner: 500, waiting: 5000 };

export type Database = ReturnType<typeof createClient>;

/** What a query may do, inside a transaction and outside of one: ordinary Prisma, and no prepared statements. */
export type Transaction = Omit<Database, runtime.ITXClientDenyList | 'inTurn' | 'inTransaction' | 'execute'>;

/** Prisma over the pool, with turns for its callers. The hot requests are Statements. */
export function createClient(pool: Pool, schema: string, transactionTimeoutMs: number) {
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { schema }),
    transactionOptions: { maxWait: transactionTimeoutMs, timeout: transactionTimeoutMs },
  });
  const { max: connections } = pool.options;
  const waiting = { ...WAITING, timeoutMs: transactionTimeoutMs };
  // What one caller asks for by itself: callers take turns.
  const turns = new FairQueue({
    ...waiting,
    name: 'statements',
    concurrency: connections,
    perOwner: Math.ceil(connections / 4),
  });
  // Transactions keep a connection for several statements: users take turns, and half of the connections are left.
  const transactions = new FairQueue({
    ...waiting,
    name: 'transactions',
    concurrency: Math.ceil(connections / 2),
    perOwner: Math.ceil(connections / 8),
  });
  return prisma.$extends({
    name: 'turns',
    client: {
      /** A statement in its caller's turn. @throws as FairQueue.run */
      inTurn<T>(caller: Owner, work: () => Promise<T>): Promise<T> {
        return turns.run(caller, work);
      },
      /** A transaction in its caller's turn. @throws as FairQueue.run */
      inTransaction<T>(caller: Owner, work: (tx: Transaction) => Promise<T>): Promise<T> {
        return transactions.run(caller, () => prisma.$transaction((tx) => work(tx as unknown as Transaction)));
      },
      /** A prepared statement, for Statements. */
      execute<Columns extends readonly unknown[], Row>(
        statement: Statement<Columns, Row>,
        values: unknown[],
      ): Promise<Row[]> {
        return execute(pool, statement, values);
      },
    },
  });
}
