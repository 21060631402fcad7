import { setTimeout as sleep } from 'node:timers/promises';
import type { Cast } from './data/cast.js';
import type { BenchDatabase } from './data/database.js';
import { drive } from './load/drive.js';
import { probe } from './load/probe.js';
import type { Options } from './options.js';
import { get, login } from './requests.js';
import { startMessenger } from './servers/messenger.js';

/** Times of `GET /user/me`, asked steadily, in milliseconds. */
export interface ProbeFigures {
  readonly answers: number;
  readonly failures: number;
  readonly p50: number;
  readonly p99: number;
  /** How late the generator was at asking, which the times do not contain. */
  readonly delayP99: number;
}

/** What a burst of logins does to everybody else. */
export interface LoginBurstResult {
  readonly connections: number;
  readonly seconds: number;
  readonly quiet: ProbeFigures;
  readonly burst: ProbeFigures;
  /** p99 in the burst for 1 in quiet. */
  readonly ratio: number;
  readonly loginsPerSecond: number;
  /** Logins by the status of their answers. */
  readonly statuses: Record<string, number>;
}

const CONNECTIONS = 64;
const PROBES_PER_SECOND = 100;
/** Preparing its requests keeps this process busy, which is not to be taken for the server's doing. */
const GATHERING_SECONDS = 1;

export async function measureLoginBurst(
  database: BenchDatabase,
  { regulars, hotAuthors }: Cast,
  { burstSeconds: seconds }: Options,
  folder: string,
): Promise<LoginBurstResult> {
  const server = await startMessenger(database, folder);
  try {
    const me = get(hotAuthors[0]!, '/user/me');
    const ask = () => probe(server.url, me, PROBES_PER_SECOND, seconds);
    const quiet = await ask();
    const bursting = drive({
      url: server.url,
      requests: regulars.map(login),
      connections: CONNECTIONS,
      until: { seconds: seconds + GATHERING_SECONDS },
    });
    await sleep(GATHERING_SECONDS * 1000);
    const burst = await ask();
    const logins = await bursting;
    return {
      connections: CONNECTIONS,
      seconds,
      quiet,
      burst,
      ratio: burst.p99 / quiet.p99,
      loginsPerSecond: logins.perSecond,
      statuses: logins.statuses,
    };
  } finally {
    await server.stop();
  }
}
