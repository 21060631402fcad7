import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestMaker } from '../requests.js';
import { Times } from './clock.js';

/** Times of a request that was asked steadily, in milliseconds. */
export interface ProbeFigures {
  readonly answers: number;
  /** Answers other than 200, and requests without an answer. */
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** How late the generator was at asking, which the times do not contain. */
  readonly delayP99: number;
}

/** One for all probes: a warm-up makes the connections, so that no handshake is among what is timed after it. */
const agent = new Agent({ keepAlive: true });

/**
 * Asks steadily, whether the last one has been answered or not, as many independent people do. Times begin when it asks, not
 * when that was due: a server that is slow delays no asking, and that timers wake a millisecond late is not the server's doing.
 */
export async function probe(
  url: string,
  make: RequestMaker,
  perSecond: number,
  seconds: number,
): Promise<ProbeFigures> {
  const [times, delays] = [new Times(), new Times()];
  let errors = 0;
  const asked: Promise<void>[] = [];
  const begin = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    // At no beat, which could be a multiple of one of the server's.
    const due = begin + ((index + Math.random()) * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    const start = performance.now();
    delays.add(start - due);
    asked.push(
      ask(url, make()).then((status) => {
        if (status === 200) times.add(performance.now() - start);
        else errors++;
      }),
    );
  }
  await Promise.all(asked);
  const { count: answers, p50, p95, p99 } = times.figures();
  return { answers, errors, p50, p95, p99, delayP99: delays.figures().p99 };
}

/** @returns the status; undefined when there is no answer. */
async function ask(url: string, { method, path, headers, body }: Request): Promise<number | undefined> {
  try {
    const [response] = (await once(request(url + path, { agent, method, headers }).end(body), 'response')) as [
      IncomingMessage,
    ];
    await once(response.resume(), 'end');
    return response.statusCode;
  } catch {
    return undefined;
  }
}
