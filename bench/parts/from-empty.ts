import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openGroup } from '../../test/client/rest.js';
import { registerNew } from '../data/cast.js';
import { createDatabase, EMBEDDED_POOL_SIZE, postgresUrl } from '../data/database.js';
import { drive } from '../load/drive.js';
import { send, type Request } from '../requests.js';
import { sumOf } from '../rounds.js';
import type { Row, Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

const CONNECTIONS = 16;
const CHATS = 100;
/** The time that is compared with the best of its length, for 1 of the whole. */
const COMPARED = 0.1;
/** Of the time of a window, for the second server. */
const CONTROL = 0.4;
/** How old the second server's database is at the start, for 1 of the whole. */
const CONTROL_AGE = 0.2;

/** Sends from the first message of a database on: embedded, and on PostgreSQL where the benchmark has one. */
export async function measureFromEmpty({ options, folder, say }: Bench): Promise<Section[]> {
  const [seconds, windowSeconds] = options.quick ? [3, 0.25] : [300, 5];
  const rows: Row[] = [];
  const lines: Record<string, number[]> = {};
  for (const name of ['embedded', ...(postgresUrl === undefined ? [] : ['PostgreSQL'])]) {
    const open = async (server: string) => {
      const database = name === 'embedded' ? undefined : await createDatabase();
      return openServer(join(folder, `from-empty-${name}-${server}`), database ?? { poolSize: EMBEDDED_POOL_SIZE });
    };
    const [first, second] = await Promise.all([open('first'), open('second')]);
    await second.sendFor(seconds * CONTROL_AGE);
    const windows = [];
    const controls: number[] = [];
    for (let left = seconds; left > 0; left -= windowSeconds) {
      windows.push(await first.sendFor(windowSeconds));
      controls.push((await second.sendFor(windowSeconds * CONTROL)).perSecond);
    }
    await second.server.stop();
    await first.restart();
    const again = await first.sendFor(Math.max(1, seconds * COMPARED));
    await first.server.stop();

    const perSecond = windows.map((window) => window.perSecond);
    const raw = compare(perSecond, () => 1);
    const beside = compare(perSecond, (window) => controls[window]!);
    rows.push({
      Database: name,
      Seconds: seconds,
      'Sends/s: best tenth': raw.best,
      'last tenth': raw.last,
      Ratio: raw.last / raw.best,
      'for 1 of the second server': beside.last / beside.best,
      'after a restart': again.perSecond,
      'Longest send, ms': Math.max(...[...windows, again].map(({ max }) => max)),
      Errors: sumOf([...windows, again], ({ errors }) => errors),
    });
    lines[`Sends a second on ${name}, every ${windowSeconds} s`] = perSecond;
    say(`${name}: the last sends at ${(raw.last / raw.best).toFixed(2)} of the best`);
  }
  const text =
    `The database is empty at the start; ${CONNECTIONS} connections send to ${CHATS} chats. A second server, whose ` +
    'database is older, is measured in between: what the machine can do changes by the minute.';
  return [{ title: 'From empty', text, rows, lines }];
}

async function openServer(folder: string, database: Parameters<typeof startMessenger>[0]) {
  await mkdir(folder, { recursive: true });
  const opened = { server: await startMessenger(database, folder), restart, sendFor };
  const { url } = opened.server;
  const callers = await Promise.all(Array.from({ length: CONNECTIONS }, () => registerNew(url)));
  const requests: Request[] = [];
  for (let count = 0; count < CHATS; count++) {
    const [caller, other] = [callers[count % CONNECTIONS]!, callers[(count + 1) % CONNECTIONS]!];
    requests.push(send(caller, await openGroup(url, caller, [other])));
  }
  async function restart(): Promise<void> {
    await opened.server.stop();
    opened.server = await startMessenger(database, folder);
  }
  function sendFor(seconds: number) {
    return drive({ url: opened.server.url, requests, connections: CONNECTIONS, until: { seconds } });
  }
  return opened;
}

/** The best and the last tenth of the windows, each window for 1 of something else. */
function compare(perSecond: readonly number[], of: (window: number) => number): { best: number; last: number } {
  const compared = Math.round(perSecond.length * COMPARED);
  const tenths = perSecond.slice(compared - 1).map((_, start) => {
    const windows = Array.from({ length: compared }, (_, index) => start + index);
    return sumOf(windows, (window) => perSecond[window]!) / sumOf(windows, of);
  });
  return { best: Math.max(...tenths), last: tenths.at(-1)! };
}
