import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchDatabase } from '../data/database.js';
import { signIn } from '../data/tokens.js';
import { WORLD } from '../data/world.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { SECRET, startMessenger } from '../servers/messenger.js';
import { memoryOf } from '../servers/usage.js';

/** What a connection costs that does nothing. */
export interface IdleResult {
  /** How many there were at first, and at last. */
  readonly first: number;
  readonly connections: number;
  /** How long they did nothing. */
  readonly seconds: number;
  /** In how many chats each user is. */
  readonly chatsOfUser: number;
  /** Resident memory of the server with the first and with all, in MiB; null where it is not known. */
  readonly before: number | null;
  readonly after: number | null;
  /** Of those that came after the first. */
  readonly kibPerConnection: number | null;
}

const CONNECTIONS = 5000;
/** What these bring into memory is there for all. */
const FIRST = 500;

export async function measureIdle(
  database: BenchDatabase,
  { users, settleSeconds, idleSeconds: seconds }: Options,
  folder: string,
): Promise<IdleResult> {
  const connections = Math.min(CONNECTIONS, users - WORLD.firstOfCrowd);
  const people = await signIn(
    Array.from({ length: connections }, (_, index) => WORLD.firstOfCrowd + index),
    SECRET,
  );
  const tokens = people.map(({ token }) => token);
  const server = await startMessenger(database, folder);
  const receivers = new Receivers();
  await receivers.open(server.url, tokens.slice(0, FIRST));
  await sleep(settleSeconds * 1000);
  const before = memoryOf(server.pid) ?? null;
  await receivers.open(server.url, tokens.slice(FIRST));
  await sleep(seconds * 1000);
  const after = memoryOf(server.pid) ?? null;
  receivers.end();
  await server.stop();
  const kibPerConnection = before === null || after === null ? null : ((after - before) * 1024) / (connections - FIRST);
  // All of them are in the largest crowd as well.
  return { first: FIRST, connections, seconds, chatsOfUser: WORLD.otherChats + 1, before, after, kibPerConnection };
}
