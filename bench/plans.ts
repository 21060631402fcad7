import pg from 'pg';
import { prepareStatements } from '../src/database/statements/prepare.js';
import { readModel } from '../src/features/index.js';
import { withClient } from './data/database.js';
import { WORLD } from './data/world.js';

/** How PostgreSQL carries out a hot statement on the data of the run. */
export interface PlanResult {
  readonly statement: string;
  /** Whether the plan reads tables by their indexes only. */
  readonly indexOnly: boolean;
  /** Whether PostgreSQL has settled on a lasting plan, or plans the statement each time. */
  readonly plannedOnce: boolean;
  /** EXPLAIN (ANALYZE, BUFFERS) of the prepared statement. */
  readonly plan: readonly string[];
}

type Value = number | string | null | readonly (number | string | null)[];

const [, , collector] = WORLD.collectors;
const { hotChat, firstAuthor } = WORLD;
const { findChats, findUsers, listChats, messagesAscending, messagesDescending, sendMessages } =
  prepareStatements(readModel);
const SOME = [1, 2, 3, 4, 5, 6, 7, 8];

const STATEMENTS: readonly (readonly [{ readonly name: string; readonly text: string }, string, readonly Value[]])[] = [
  [findUsers, '8 users', [SOME]],
  [listChats, '25 of 20 chats', [1, 'Infinity', 25, null, null]],
  [listChats, `25 of ${collector.chats} chats`, [collector.userId, 'Infinity', 25, null, null]],
  [findChats, '8 chats of 20 people', [SOME, SOME, SOME.map(() => null)]],
  [messagesAscending, 'the oldest 50 of the hot chat', [firstAuthor, hotChat, null, 50]],
  [messagesDescending, 'the newest 50 of the hot chat', [firstAuthor, hotChat, null, 50]],
  [sendMessages, '8 messages to 8 chats', [SOME, SOME, SOME.map((n) => `Message ${n}`), SOME.map(() => null)]],
];

/** PostgreSQL decides on a lasting plan for a prepared statement after five executions. */
const EXECUTIONS_BEFORE = 6;

export function explainStatements(databaseUrl: string): Promise<PlanResult[]> {
  return withClient(databaseUrl, async (client) => {
    const results: PlanResult[] = [];
    for (const [{ name, text }, what, values] of STATEMENTS) {
      await client.query('begin');
      await client.query('deallocate all');
      await client.query(`prepare ${name} as ${text}`);
      const execute = `execute ${name}(${values.map(literal).join(', ')})`;
      for (let count = 0; count < EXECUTIONS_BEFORE; count++) await client.query(execute);
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers) ${execute}`);
      const { rows: prepared } = await client.query<{ generic: boolean }>(
        'select generic_plans > 0 as generic from pg_prepared_statements where name = $1',
        [name],
      );
      await client.query('rollback');
      const plan = rows.map((row) => row['QUERY PLAN']);
      results.push({
        statement: `${name}: ${what}`,
        indexOnly: !plan.some((line) => line.includes('Seq Scan')),
        plannedOnce: prepared[0]!.generic,
        plan,
      });
    }
    return results;
  });
}

function literal(value: Value): string {
  if (value === null) return 'null';
  return pg.escapeLiteral(
    typeof value === 'object' ? `{${value.map((item) => JSON.stringify(item)).join(',')}}` : String(value),
  );
}
