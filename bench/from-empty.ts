import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { post, register, type Caller } from './data/cast.js';
import { createPostgresDatabase, type ServedDatabase } from './data/database.js';
import { drive, errorsOf, type Figures } from './load/drive.js';
import type { Options } from './options.js';
import { send, type Request } from './requests.js';
import { startMessenger } from './servers/messenger.js';
import type { RunningServer } from './servers/process.js';

/** Sends from the first message of a database on. */
export interface FromEmptyResult {
  /** "embedded" or "PostgreSQL". */
  readonly database: string;
  readonly connections: number;
  readonly chats: number;
  /** Sends a second, window by window. */
  readonly windowSeconds: number;
  readonly perSecond: readonly number[];
  /** The same of a second server, which has had its database for a while: what the machine can do changes by the minute. */
  readonly controlPerSecond: readonly number[];
  /** Of the windows that make up the best and the last 30 s, and of as long after a restart. */
  readonly best: number;
  readonly last: number;
  readonly afterRestart: number;
  /** Of the last for 1 of the best. */
  readonly ratio: number;
  /** The same of sends for 1 of the second server's. */
  readonly steadyRatio: number;
  /** How long the slowest send took, in milliseconds. */
  readonly longest: number;
  /** Answers other than 200, and requests without an answer. */
  readonly errors: number;
}

const CONNECTIONS = 16;
const CHATS = 100;
/** The time that is compared with the best of its length, for 1 of the whole. */
const COMPARED = 0.1;
const WINDOW_SECONDS = 5;
const MIN_WINDOWS = 10;
/** Of the time of a window, for the second server. */
const CONTROL = 0.4;
/** How old its database is at the start, for 1 of the whole. */
const CONTROL_AGE = 0.2;

/** Always on the embedded database, as the server has it by default; on PostgreSQL where the benchmark has one. */
export async function measureFromEmpty(
  options: Options,
  folder: string,
  say: (line: string) => void,
): Promise<FromEmptyResult[]> {
  const embedded = () => Promise.resolve({ url: undefined, poolSize: 1, drop: () => Promise.resolve() });
  const kinds: [string, () => Promise<ServedDatabase | undefined>][] = [
    ['embedded', embedded],
    ['PostgreSQL', createPostgresDatabase],
  ];
  const results: FromEmptyResult[] = [];
  for (const [name, create] of kinds) {
    const [database, control] = [await create(), await create()];
    if (!database || !control) continue;
    const result = await measure(name, { database, control }, options, join(folder, `from-empty-${name}`));
    const [raw, steady] = [result.ratio, result.steadyRatio].map((ratio) => ratio.toFixed(2));
    say(`${name}: the last sends at ${raw} of the best, ${steady} beside the second server`);
    results.push(result);
    await Promise.all([database.drop(), control.drop()]);
  }
  return results;
}

async function measure(
  name: string,
  { database, control }: Record<'database' | 'control', ServedDatabase>,
  { emptySeconds: seconds }: Options,
  folder: string,
): Promise<FromEmptyResult> {
  const [first, second] = [await open(database, join(folder, 'first')), await open(control, join(folder, 'second'))];
  await sendTo(second, seconds * CONTROL_AGE);
  const [windows, controls]: Figures[][] = [[], []];
  const windowSeconds = Math.min(WINDOW_SECONDS, seconds / MIN_WINDOWS);
  for (let left = Math.round(seconds / windowSeconds); left > 0; left--) {
    windows!.push(await sendTo(first, windowSeconds));
    controls!.push(await sendTo(second, windowSeconds * CONTROL));
  }
  await first.server.stop();
  await second.server.stop();
  const server = await startMessenger(database, join(folder, 'first'));
  const again = await sendTo({ ...first, server }, Math.max(1, seconds * COMPARED));
  await server.stop();

  const perSecond = windows!.map((figures) => figures.perSecond);
  const controlPerSecond = controls!.map((figures) => figures.perSecond);
  const { best, last, ratio } = compare(perSecond, () => 1);
  const all = [...windows!, again];
  return {
    database: name,
    connections: CONNECTIONS,
    chats: CHATS,
    windowSeconds,
    perSecond,
    controlPerSecond,
    best,
    last,
    afterRestart: again.perSecond,
    ratio,
    steadyRatio: compare(perSecond, (window) => controlPerSecond[window]!).ratio,
    longest: Math.max(...all.map(({ max }) => max)),
    errors: all.reduce((sum, figures) => sum + errorsOf(figures), 0),
  };
}

interface Opened {
  readonly server: RunningServer;
  readonly requests: Request[];
}

async function open(database: ServedDatabase, folder: string): Promise<Opened> {
  await mkdir(folder, { recursive: true });
  const server = await startMessenger(database, folder);
  return { server, requests: await openChats(server.url) };
}

function sendTo({ server, requests }: Opened, seconds: number): Promise<Figures> {
  return drive({ url: server.url, requests, connections: CONNECTIONS, until: { seconds } });
}

/** The best and the last tenth of the windows, each window for 1 of something else. */
function compare(perSecond: readonly number[], of: (window: number) => number) {
  const compared = Math.round(perSecond.length * COMPARED);
  const tenths = perSecond.slice(compared - 1).map((_, start) => {
    const windows = Array.from({ length: compared }, (_, index) => start + index);
    const sum = (value: (window: number) => number) => windows.reduce((total, window) => total + value(window), 0);
    return sum((window) => perSecond[window]!) / sum(of);
  });
  const [best, last] = [Math.max(...tenths), tenths.at(-1)!];
  return { best, last, ratio: last / best };
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
