import { Agent, request } from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestMaker } from '../requests.js';
import type { ProbeFigures } from '../login-burst.js';

const NANOSECONDS = 1e6;

/** One for all probes: a warm-up makes the connections, so that no handshake is among what is timed after it. */
const agent = new Agent({ keepAlive: true });

/**
 * Asks steadily, whether the last one has been answered or not, as many independent people do. Times begin when it asks, not
 * when that was due: a server that is slow delays no asking, and that timers wake a millisecond late is not the server's doing.
 */
export async function probe(
  url: string,
  what: Request | RequestMaker,
  perSecond: number,
  seconds: number,
): Promise<ProbeFigures> {
  const times = createHistogram();
  const delays = createHistogram();
  let failures = 0;
  const asked: Promise<void>[] = [];
  const begin = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = begin + (index * 1000) / perSecond;
    await sleep(Math.max(0, due - performance.now()));
    const start = performance.now();
    delays.record(nanoseconds(start - due));
    asked.push(
      ask(url, typeof what === 'function' ? what() : what).then((status) => {
        if (status === 200) times.record(nanoseconds(performance.now() - start));
        else failures++;
      }),
    );
  }
  await Promise.all(asked);
  return {
    answers: times.count,
    failures,
    p50: times.percentile(50) / NANOSECONDS,
    p99: times.percentile(99) / NANOSECONDS,
    delayP99: delays.percentile(99) / NANOSECONDS,
  };
}

/** A histogram begins at 1. */
function nanoseconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds * NANOSECONDS));
}

/** @returns the status; undefined when there is no answer. */
function ask(url: string, { method, path, headers, body }: Request): Promise<number | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(url + path, { agent, method, headers }, (response) => {
      response.resume().once('end', () => {
        resolve(response.statusCode);
      });
    });
    outgoing.once('error', () => {
      resolve(undefined);
    });
    outgoing.end(body);
  });
}
