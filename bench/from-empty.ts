import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { post, register, type Caller } from './data/cast.js';
import { createPostgresDatabase, type ServedDatabase } from './data/database.js';
import { drive } from './load/drive.js';
import type { Options } from './options.js';
import { send, type Request } from './requests.js';
import { startMessenger } from './servers/messenger.js';

/** Sends from the first message of a database on. */
export interface FromEmptyResult {
  /** "embedded" or "PostgreSQL". */
  readonly database: string;
  readonly connections: number;
  readonly chats: number;
  /** Sends a second, window by window. */
  readonly windowSeconds: number;
  readonly perSecond: readonly number[];
  /** Of the windows that make up the best and the last 30 s, and of as long after a restart. */
  readonly best: number;
  readonly last: number;
  readonly afterRestart: number;
  /** Of the last for 1 of the best. */
  readonly ratio: number;
  /** How long the slowest send took, in milliseconds. */
  readonly longest: number;
  /** Answers other than 200, and requests without an answer. */
  readonly errors: number;
}

const CONNECTIONS = 16;
const CHATS = 100;
/** The time that is compared with the best of its length, for 1 of the whole. */
const COMPARED = 0.1;
const WINDOWS = 60;

/** Always on the embedded database, as the server has it by default; on PostgreSQL where the benchmark has one. */
export async function measureFromEmpty(
  options: Options,
  folder: string,
  say: (line: string) => void,
): Promise<FromEmptyResult[]> {
  const embedded = { url: undefined, poolSize: 1, drop: () => Promise.resolve() };
  const postgres = await createPostgresDatabase();
  const databases: [string, ServedDatabase][] = [['embedded', embedded]];
  if (postgres) databases.push(['PostgreSQL', postgres]);
  const results: FromEmptyResult[] = [];
  for (const [name, database] of databases) {
    const result = await measure(name, database, options, join(folder, 'from-empty'));
    say(`${name}: the last sends at ${result.ratio.toFixed(2)} of the best`);
    results.push(result);
    await database.drop();
  }
  return results;
}

async function measure(
  name: string,
  database: ServedDatabase,
  { emptySeconds: seconds }: Options,
  folder: string,
): Promise<FromEmptyResult> {
  await mkdir(folder, { recursive: true });
  const first = await startMessenger(database, folder);
  const requests = await openChats(first.url);
  const whole = await record(first.url, requests, seconds);
  await first.stop();
  const second = await startMessenger(database, folder);
  const again = await record(second.url, requests, Math.max(1, seconds * COMPARED));
  await second.stop();

  const compared = Math.round(WINDOWS * COMPARED);
  const means = whole.perSecond.slice(compared - 1).map((_, end) => mean(whole.perSecond.slice(end, end + compared)));
  const [best, last] = [Math.max(...means), means.at(-1) ?? NaN];
  return {
    database: name,
    connections: CONNECTIONS,
    chats: CHATS,
    windowSeconds: seconds / WINDOWS,
    perSecond: whole.perSecond,
    best,
    last,
    afterRestart: mean(again.perSecond),
    ratio: last / best,
    longest: Math.max(whole.longest, again.longest),
    errors: whole.errors + again.errors,
  };
}

async function openChats(url: string): Promise<Request[]> {
  const callers: Caller[] = [];
  for (let count = 0; count < CONNECTIONS; count++) callers.push(await register(url));
  const requests: Request[] = [];
  for (let count = 0; count < CHATS; count++) {
    const [caller, other] = [callers[count % CONNECTIONS]!, callers[(count + 1) % CONNECTIONS]!];
    const body = { with_ids: [other.id], name: `chat ${count}` };
    const { id } = await post<{ id: number }>(url, '/chat/group/create', body, caller.token);
    requests.push(send(caller, id));
  }
  return requests;
}

interface Recorded {
  readonly perSecond: number[];
  readonly longest: number;
  readonly errors: number;
}

async function record(url: string, requests: Request[], seconds: number): Promise<Recorded> {
  const windowMs = (seconds * 1000) / WINDOWS;
  const counts = Array<number>(WINDOWS).fill(0);
  const started = performance.now();
  const { max, statuses, unanswered } = await drive({
    url,
    requests,
    connections: CONNECTIONS,
    until: { seconds },
    onSuccess: () => {
      const window = Math.floor((performance.now() - started) / windowMs);
      if (window < WINDOWS) counts[window]!++;
    },
  });
  const others = Object.entries(statuses).filter(([status]) => status !== '200');
  return {
    perSecond: counts.map((count) => count / (windowMs / 1000)),
    longest: max,
    errors: unanswered + others.reduce((sum, [, count]) => sum + count, 0),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
