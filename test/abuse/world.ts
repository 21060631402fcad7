import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** Somebody with an account. */
export interface Account {
  readonly username: string;
  readonly token: string;
  readonly id: number;
}

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

async function ask(url: string, method: string, path: string, token?: string, body?: unknown): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export async function register(url: string, username: string): Promise<Account> {
  const body = { username, email: `${username}@example.com`, password: PASSWORD };
  const { access_token: token } = (await (await ask(url, 'POST', '/register', undefined, body)).json()) as {
    access_token: string;
  };
  const { id } = (await (await ask(url, 'GET', '/user/me', token)).json()) as { id: number };
  return { username, token, id };
}

export async function openChat(url: string, { token }: Account, otherId: number): Promise<number> {
  const answer = await ask(url, 'POST', '/chat/private/create', token, { with_user_id: otherId });
  return ((await answer.json()) as { id: number }).id;
}

/** @param dataDir of the server, which has the embedded database open. */
export async function makeWorld(url: string, dataDir: string): Promise<World> {
  const [attacker, other] = [await register(url, 'mallory'), await register(url, 'trudy')];
  const chatId = await openChat(url, attacker, other.id);
  for (let count = 0; count < PAGE; count++) {
    const { status } = await ask(url, 'POST', `/chat/${chatId}/message`, attacker.token, { contents: LONGEST });
    if (status !== 200) throw new Error(`A message of the attacker was answered with ${status}.`);
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
