import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { TestTarget } from './client.js';

/** Until its transaction or the test ends, all who need the chat's row have to wait. */
export function lockChat(url: string, chatId: number): Promise<pg.Client> {
  return lock(url, 'select from chat where id = $1 for update', [chatId]);
}

/** Until its transaction ends, the user is about to have another hash of a password; it does not commit by itself. */
export function changeHash(url: string, userId: number, hash: string): Promise<pg.Client> {
  return lock(url, 'update "user" set password = $2 where id = $1', [userId, hash]);
}

/** Until its transaction or the test ends, all who read users have to wait, as every request does. */
export function lockUsers(url: string): Promise<pg.Client> {
  return lock(url, 'lock table "user" in access exclusive mode');
}

/** How many wait for a lock in the database. */
export async function countWaiting(db: TestTarget['db']): Promise<number> {
  const waiting = await db.$queryRaw<unknown[]>`
    select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return waiting.length;
}

async function lock(url: string, statement: string, values?: unknown[]): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  await client.query(statement, values);
  return client;
}
