import { Agent, request } from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestMaker } from '../requests.js';
import type { ProbeFigures } from '../storm.js';

const NANOSECONDS = 1e6;

/** Asks steadily, whether the last one has been answered or not, as many independent people do. */
export async function probe(
  url: string,
  what: Request | RequestMaker,
  perSecond: number,
  seconds: number,
): Promise<ProbeFigures> {
  const agent = new Agent({ keepAlive: true });
  const times = createHistogram();
  let failures = 0;
  const asked: Promise<void>[] = [];
  const begin = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    await sleep(Math.max(0, begin + (index * 1000) / perSecond - performance.now()));
    const start = performance.now();
    asked.push(
      ask(agent, url, typeof what === 'function' ? what() : what).then((status) => {
        if (status === 200) times.record(Math.round((performance.now() - start) * NANOSECONDS));
        else failures++;
      }),
    );
  }
  await Promise.all(asked);
  agent.destroy();
  return {
    answers: times.count,
    failures,
    p50: times.percentile(50) / NANOSECONDS,
    p99: times.percentile(99) / NANOSECONDS,
  };
}

/** @returns the status; undefined when there is no answer. */
function ask(agent: Agent, url: string, { method, path, headers, body }: Request): Promise<number | undefined> {
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
