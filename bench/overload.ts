import { setTimeout as sleep } from 'node:timers/promises';
import type { Cast } from './data/cast.js';
import type { BenchDatabase } from './data/database.js';
import { drive, type Load } from './load/drive.js';
import { probe } from './load/probe.js';
import type { Options } from './options.js';
import { listOfThousand } from './requests.js';
import { startMessenger } from './servers/messenger.js';
import type { RunningServer } from './servers/process.js';
import { memoryOf } from './servers/usage.js';

/** A stretch of the overload test. Times are milliseconds, of the answers 200. */
export interface OverloadPhase {
  readonly name: 'before' | 'overload' | 'after';
  /** Requests a second that were asked for. */
  readonly offeredPerSecond: number;
  /** Answers 200 a second. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly statuses: Record<string, number>;
  /** Resident memory of the server halfway and at the end of the phase, in MiB; null where it is not known. */
  readonly memoryHalfway: number | null;
  readonly memory: number | null;
}

/** What a server does that is asked for ten times what it can. */
export interface OverloadResult {
  readonly request: string;
  readonly connections: number;
  /** Answers a second that it can keep up. */
  readonly sustainablePerSecond: number;
  readonly phases: readonly OverloadPhase[];
  /** Whether each 503 had a Retry-After. */
  readonly retryAfter: boolean;
  /** Seconds after the overload until an answer took no longer than p99 had been before. */
  readonly secondsToNormal: number;
}

const OVERLOAD = 10;
const CONNECTIONS = 1000;
const QUIET_CONNECTIONS = 16;
/** A server that has not recovered by then does not. */
const RECOVERY_MS = 60_000;
/** What is asked for before and after, of what the server can. */
const QUIET_SHARE = 0.3;

/** The dearest of the hot requests, so that the load generator can ask for ten times as much as the database can do. */
export async function measureOverload(
  database: BenchDatabase,
  cast: Cast,
  { burstSeconds: seconds }: Options,
  folder: string,
): Promise<OverloadResult> {
  const server = await startMessenger(database, folder);
  try {
    const request = listOfThousand(cast);
    const load = { url: server.url, requests: [request], connections: QUIET_CONNECTIONS, until: { seconds } };
    const { perSecond: sustainable } = await drive(load);

    const quiet = { ...load, rate: Math.ceil(sustainable * QUIET_SHARE) };
    const before = await runPhase('before', quiet, server);
    const overload = await runPhase(
      'overload',
      { ...load, connections: CONNECTIONS, rate: Math.ceil(sustainable * OVERLOAD) },
      server,
    );
    const ended = performance.now();
    while (performance.now() - ended < RECOVERY_MS) {
      const { answers, p50 } = await probe(server.url, request, 1, 1);
      if (answers === 1 && p50 <= before.phase.p99) break;
    }
    const secondsToNormal = (performance.now() - ended) / 1000;
    const after = await runPhase('after', quiet, server);
    return {
      request: 'chat list, of 1000',
      connections: CONNECTIONS,
      sustainablePerSecond: sustainable,
      phases: [before.phase, overload.phase, after.phase],
      retryAfter: overload.withoutRetryAfter === 0,
      secondsToNormal,
    };
  } finally {
    await server.stop();
  }
}

type TimedLoad = Load & { readonly rate: number; readonly until: { readonly seconds: number } };

async function runPhase(name: OverloadPhase['name'], load: TimedLoad, server: RunningServer) {
  const driven = drive(load);
  await sleep((load.until.seconds * 1000) / 2);
  const memoryHalfway = memoryOf(server.pid) ?? null;
  const { perSecond, p50, p99, statuses, withoutRetryAfter } = await driven;
  const memory = memoryOf(server.pid) ?? null;
  const offeredPerSecond = load.rate;
  const phase: OverloadPhase = { name, offeredPerSecond, perSecond, p50, p99, statuses, memoryHalfway, memory };
  return { phase, withoutRetryAfter };
}
