import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { ask, register, type Account } from '../client/rest.js';

/** What an attack may use: what one account gives, and what any stranger knows. */
export interface World {
  readonly url: string;
  readonly attacker: Account;
  /** A chat of the attacker with a hundred of the longest messages: a page of it has 830 kB. */
  readonly chatId: number;
  /** The ids of users with whom the attacker may open groups. */
  readonly crowd: readonly number[];
}

export const PASSWORD = 'a password of the harness';
const CROWD = 9990;
const LONGEST = '🐢'.repeat(2047);
const PAGE = 100;

export function enter(url: string, username: string): Promise<Account> {
  return register(url, username, PASSWORD);
}

export async function openChat(url: string, { token }: Account, otherId: number): Promise<number> {
  return (await ask<{ id: number }>(url, '/chat/private/create', token, { with_user_id: otherId })).id;
}

/** @param dataDir of the server, which has the embedded database open. */
export async function makeWorld(url: string, dataDir: string): Promise<World> {
  const [attacker, other] = [await enter(url, 'mallory'), await enter(url, 'trudy')];
  const chatId = await openChat(url, attacker, other.id);
  for (let count = 0; count < PAGE; count++) {
    await ask(url, `/chat/${chatId}/message`, attacker.token, { contents: LONGEST });
  }
  return { url, attacker, chatId, crowd: await makeCrowd(dataDir) };
}

/** Users without a password of theirs: to register them would take minutes. */
async function makeCrowd(dataDir: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: await readFile(join(dataDir, 'database-url'), 'utf8') });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `insert into "user" (username, email, password)
       select 'crowd_' || i, 'crowd_' || i || '@example.com', '$argon2id$none' from generate_series(1, $1::int) i
       returning id`,
      [CROWD],
    );
    return rows.map(({ id }) => Number(id));
  } finally {
    await client.end();
  }
}
