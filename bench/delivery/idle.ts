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
  readonly connections: number;
  /** In how many chats each user is. */
  readonly chatsOfUser: number;
  /** Resident memory of the server, in MiB; null where it is not known. */
  readonly before: number | null;
  readonly after: number | null;
  readonly kibPerConnection: number | null;
}

const CONNECTIONS = 5000;
/** What the first connections bring into memory is there for all. */
const WARM_UP = 500;
const SETTLE_MS = 5000;

export async function measureIdle(database: BenchDatabase, { users }: Options, folder: string): Promise<IdleResult> {
  const connections = Math.min(CONNECTIONS, users - WORLD.firstOfCrowd);
  const people = await signIn(
    Array.from({ length: connections }, (_, index) => WORLD.firstOfCrowd + index),
    SECRET,
  );
  const tokens = people.map(({ token }) => token);
  const server = await startMessenger(database, folder);
  const receivers = new Receivers();
  await receivers.open(server.url, tokens.slice(0, WARM_UP));
  await receivers.closeAll();
  await sleep(SETTLE_MS);
  const before = memoryOf(server.pid) ?? null;
  await receivers.open(server.url, tokens);
  await sleep(SETTLE_MS);
  const after = memoryOf(server.pid) ?? null;
  receivers.end();
  await server.stop();
  const kibPerConnection = before === null || after === null ? null : ((after - before) * 1024) / connections;
  // All of them are in the largest crowd as well.
  return { connections, chatsOfUser: WORLD.otherChats + 1, before, after, kibPerConnection };
}
