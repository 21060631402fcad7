import { now } from '../load/clock.js';
import { drive, errorsOf } from '../load/drive.js';
import type { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import type { Request } from '../requests.js';
import type { RunningServer } from '../servers/process.js';
import { cpuSecondsOf } from '../servers/usage.js';
import { spread, type Spread } from '../statistics.js';

/** What a server did with messages that each went to an audience. */
export interface DeliveryFigures {
  readonly messagesPerSecond: Spread;
  readonly deliveriesPerSecond: Spread;
  /** CPU of the server for a delivery, in µs; null where it is not known. */
  readonly cpu: number | null;
  /** Deliveries that were due and did not come, and that came and were not due, of all rounds together. */
  readonly missing: number;
  readonly surplus: number;
  /** Answers other than 200, and requests without an answer, of all rounds together. */
  readonly errors: number;
}

export interface Delivery {
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly deliveries: number;
  readonly cpuSeconds: number | undefined;
  readonly missing: number;
  readonly surplus: number;
  readonly errors: number;
}

/** Those that ask, and those that it goes to. */
interface Work {
  readonly url: string;
  readonly requests: Request[];
  readonly connections: number;
  readonly receivers: Receivers;
  /** Whose CPU is counted. */
  readonly servers: readonly RunningServer[];
}

/** After a warm-up, from the first request to the last frame. */
export async function measureDelivery(work: Work, { warmUpSeconds, seconds }: Options): Promise<Delivery> {
  const warmUp = await deliver(work, { seconds: warmUpSeconds });
  // A number of them, so that each is answered, and what is due is known.
  return deliver(work, { requests: Math.max(work.connections, Math.ceil(warmUp.messagesPerSecond * seconds)) });
}

async function deliver(
  { receivers, servers, ...load }: Work,
  until: { readonly seconds: number } | { readonly requests: number },
): Promise<Delivery> {
  // What was still under way when the last one ended does not count.
  await receivers.untilQuiet();
  await receivers.begin();
  const cpuBefore = cpuSecondsOfAll(servers);
  const started = now();
  const figures = await drive({ ...load, until });
  const { 200: messages = 0 } = figures.statuses;
  const { frames, missing, surplus, lastAt } = await receivers.readUntil(messages);
  const cpuAfter = cpuSecondsOfAll(servers);
  const elapsed = (lastAt - started) / 1000;
  return {
    messagesPerSecond: messages / elapsed,
    deliveriesPerSecond: frames / elapsed,
    deliveries: frames,
    cpuSeconds: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore,
    missing,
    surplus,
    errors: errorsOf(figures),
  };
}

function cpuSecondsOfAll(servers: readonly RunningServer[]): number | undefined {
  return servers.reduce<number | undefined>((total, { pid }) => {
    const seconds = cpuSecondsOf(pid);
    return total === undefined || seconds === undefined ? undefined : total + seconds;
  }, 0);
}

export function deliveryFigures(rounds: readonly Delivery[]): DeliveryFigures {
  const sum = (of: (delivery: Delivery) => number) => rounds.reduce((total, delivery) => total + of(delivery), 0);
  const isKnown = rounds.every(({ cpuSeconds }) => cpuSeconds !== undefined);
  return {
    messagesPerSecond: spread(rounds.map(({ messagesPerSecond }) => messagesPerSecond)),
    deliveriesPerSecond: spread(rounds.map(({ deliveriesPerSecond }) => deliveriesPerSecond)),
    cpu: isKnown ? (sum(({ cpuSeconds = 0 }) => cpuSeconds) / sum(({ deliveries }) => deliveries)) * 1e6 : null,
    missing: sum(({ missing }) => missing),
    surplus: sum(({ surplus }) => surplus),
    errors: sum(({ errors }) => errors),
  };
}
