import pg from 'pg';
import { onTestFinished } from 'vitest';

/** Until its transaction ends, or the test, whoever needs the chat's row has to wait. */
export function lockChat(url: string, chatId: number): Promise<pg.Client> {
  return lock(url, 'select from chat where id = $1 for update', [chatId]);
}

/** Until its transaction ends, or the test, whoever reads users, as every request does, has to wait. */
export function lockUsers(url: string): Promise<pg.Client> {
  return lock(url, 'lock table "user" in access exclusive mode');
}

async function lock(url: string, statement: string, values?: unknown[]): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  await client.query(statement, values);
  return client;
}
