import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import type { Replica } from '../client/replica.js';
import { uniqueName } from './client.js';
import { emptyDatabase } from './database.js';
import { follow } from './follow.js';
import { SECRET, Server, emptyFolder, registerOn } from './server.js';

const redisUrl = process.env.TEST_REDIS_URL;

/** Servers of two versions on one database and one Redis, as during a deployment. */
export interface TwoVersions {
  readonly older: Server;
  readonly newer: Server;
  /** Starts one more server of the older version. */
  readonly startOlder: () => Promise<Server>;
}

/**
 * The newer one migrates the database while the older one runs.
 * @param older the program of a version, as the other.
 */
export async function startVersions(older: string, newer: string): Promise<TwoVersions> {
  const database = await emptyDatabase();
  onTestFinished(() => database.drop());
  const shared = { REDIS_URL: redisUrl!, REDIS_PREFIX: `${uniqueName()}:` };
  const settings = { DATABASE_URL: database.url!, JWT_SECRET: SECRET, ...shared };
  const start = async (file: string) => Server.start(settings, await emptyFolder(), file);
  const startOlder = () => start(older);
  return { older: await startOlder(), newer: await start(newer), startOlder };
}

interface Member {
  readonly id: number;
  readonly token: string;
}

/** What else the newer version can do to a message that is in the chat. */
type NewChange = (server: Server, chat: string, messageId: number, token: string) => Promise<void>;

const ROUNDS = 8;

/** Whatever is done through either of them comes to the devices on both, and each has what a new device gets. */
export async function actOnBoth(
  { older, newer }: Pick<TwoVersions, 'older' | 'newer'>,
  newChange?: NewChange,
): Promise<void> {
  const [ada, bob, eve] = [await registerOn(older), await registerOn(newer), await registerOn(older)];
  const body = { with_ids: [bob.id, eve.id], name: 'Engines' };
  const chatId = (await older.post('/chat/group/create', body, ada.token)).body.id as number;
  const chat = `/chat/${chatId}`;
  const devices = [await follow(bob, older.url), await follow(bob, newer.url)];
  for (let round = 0; round < ROUNDS; round++) {
    const [one, other] = round % 2 === 0 ? [older, newer] : [newer, older];
    const [first, second] = [await send(one, chat, ada), await send(other, chat, ada)];
    await other.patch(`/message/${first}`, { contents: `edited in round ${round}` }, ada.token);
    if (newChange) await newChange(newer, chat, second, ada.token);
    await one.post(`${chat}/read`, { message_id: second }, bob.token);
    await one.patch(chat, { name: `Engines ${round}` }, ada.token);
    await other.delete(`${chat}/participants/${eve.id}`, ada.token);
    await one.post(`${chat}/participants`, { user_ids: [eve.id] }, ada.token);
    await one.patch(`${chat}/settings`, { pinned: round % 2 === 0 }, bob.token);
    await sendScheduled(one, other, chat, ada);
    if (round % 3 === 0) await other.delete(`/message/${second}`, ada.token);
  }
  const fresh = await follow(bob, newer.url);
  await expect.poll(() => fresh.replica.chats.get(chatId)?.messages.size).toBeGreaterThan(ROUNDS);
  for (const { replica } of devices) {
    await expect.poll(() => replica.chats.get(chatId)?.pts).toBe(fresh.replica.chats.get(chatId)?.pts);
    await expect.poll(() => replica.mePts).toBe(fresh.replica.mePts);
    expect(known(replica)).toEqual(known(fresh.replica));
  }
  for (const { journal } of [...devices, fresh]) expect(journal.surprises).toEqual([]);
}

async function send(server: Server, chat: string, { token }: Member): Promise<number> {
  const { status, body } = await server.post(`${chat}/message`, { contents: 'hello', client_id: randomUUID() }, token);
  expect(status).toBe(200);
  return body.id as number;
}

/** Through one of them it is scheduled, through the other one sent, with what it was given. */
async function sendScheduled(one: Server, other: Server, chat: string, { token }: Member): Promise<void> {
  const inputs = { mentions: { all: true }, custom: { color: 'red' } };
  const send_at = new Date(Date.now() + 3_600_000).toISOString();
  const scheduled = await one.post(`${chat}/scheduled`, { contents: 'later', send_at, ...inputs }, token);
  const { status, body } = await other.post(`/scheduled/${Number(scheduled.body.id)}/send`, {}, token);
  expect({ status, body }).toMatchObject({ status: 200, body: inputs });
}

/** What both versions say of chats. */
function known({ chats }: Replica) {
  return [...chats.values()].map(({ id, name, pts, participants, messages, own }) => {
    const { muted_until, pinned, archived, last_read_message_id } = own;
    return { id, name, pts, participants, messages, own: { muted_until, pinned, archived, last_read_message_id } };
  });
}
