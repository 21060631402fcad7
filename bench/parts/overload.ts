import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '../../test/processes/usage.js';
import { CAST } from '../data/cast.js';
import { drive } from '../load/drive.js';
import { probe } from '../load/probe.js';
import { get, listOfThousand, login } from '../requests.js';
import type { Section } from '../section.js';
import { startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

const CONNECTIONS = 1000;
const QUIET_CONNECTIONS = 16;
/** What is asked for before and after, of what the server can. */
const QUIET_SHARE = 0.3;
const SECONDS = 20;
const QUICK_SECONDS = 0.5;
/** A server that has not recovered by then does not. */
const RECOVERY_MS = 60_000;

/**
 * What a server does that is asked for ten times what it can: the dearest of the hot requests, so that the load generator
 * can ask for ten times as much as the database can do.
 */
export async function measureOverload({ database, options, folder }: Bench): Promise<Section[]> {
  const seconds = options.quick ? QUICK_SECONDS : SECONDS;
  const server = await startMessenger(database, folder);
  const request = listOfThousand(CAST);
  const load = { url: server.url, requests: [request], until: { seconds } };
  const { perSecond: sustainable } = await drive({ ...load, connections: QUIET_CONNECTIONS });

  const runPhase = async (phase: string, connections: number, rate: number) => {
    const driven = drive({ ...load, connections, rate });
    await sleep((seconds * 1000) / 2);
    const halfway = memoryOf(server.pid);
    const figures = await driven;
    const memory = [halfway, memoryOf(server.pid)];
    const refused = (figures.statuses['429'] ?? 0) + (figures.statuses['503'] ?? 0);
    const row = {
      Phase: phase,
      'Asked for, per s': rate,
      'Answers 200 per s': figures.perSecond,
      'Refused per s': refused / figures.seconds,
      'p50, ms': figures.p50,
      'p99, ms': figures.p99,
      'Answers by status': JSON.stringify(figures.statuses).replaceAll(/[{}"]/g, ''),
      'Memory halfway and at the end, MiB': memory,
    };
    return { row, figures };
  };
  const quietRate = Math.ceil(sustainable * QUIET_SHARE);
  const before = await runPhase('before', QUIET_CONNECTIONS, quietRate);
  const overload = await runPhase('overload', CONNECTIONS, Math.ceil(sustainable * 10));
  const ended = performance.now();
  while (performance.now() - ended < RECOVERY_MS) {
    const { answers, p50 } = await probe(server.url, () => request, 1, 1);
    if (answers === 1 && p50 <= before.figures.p99) break;
  }
  const secondsToNormal = (performance.now() - ended) / 1000;
  const after = await runPhase('after', QUIET_CONNECTIONS, quietRate);
  await server.stop();
  const text =
    `“chat list, of 1000” by ${CONNECTIONS} connections; the server can keep up ${Math.round(sustainable)} answers a ` +
    `second. Times are those of the answers 200, which were as quick as before ${secondsToNormal.toFixed(1)} s after the overload.`;
  return [{ title: 'Overload', text, rows: [before.row, overload.row, after.row] }];
}

const LOGIN_CONNECTIONS = 64;
const PROBES_PER_SECOND = 100;
/** Preparing its requests keeps this process busy, which is not to be taken for the server's doing. */
const GATHERING_SECONDS = 1;

/** What a burst of logins does to everybody else. */
export async function measureLoginBurst({ database, options, folder }: Bench): Promise<Section[]> {
  const seconds = options.quick ? QUICK_SECONDS : SECONDS;
  const server = await startMessenger(database, folder);
  const me = get(CAST.hotAuthors[0]!, '/user/me');
  const ask = () => probe(server.url, () => me, PROBES_PER_SECOND, seconds);
  const quiet = await ask();
  const bursting = drive({
    url: server.url,
    requests: CAST.regulars.map(login),
    connections: LOGIN_CONNECTIONS,
    until: { seconds: seconds + GATHERING_SECONDS },
  });
  await sleep(GATHERING_SECONDS * 1000);
  const burst = await ask();
  const logins = await bursting;
  await server.stop();
  const text =
    `\`GET /user/me\` while ${LOGIN_CONNECTIONS} connections log in for ${seconds} s: ${logins.perSecond.toPrecision(3)} ` +
    `logins a second. p99 is ${(burst.p99 / quiet.p99).toFixed(2)} times what it is in quiet.`;
  const rows = Object.entries({ quiet, burst }).map(([phase, { answers, errors, p50, p99, delayP99 }]) => {
    return {
      Phase: phase,
      Answers: answers,
      Errors: errors,
      'p50, ms': p50,
      'p99, ms': p99,
      'Late, p99, ms': delayP99,
    };
  });
  return [{ title: 'A burst of logins', text, rows }];
}
