import { Counts } from './counts.js';
import { serviceUnavailable, tooManyRequests } from './errors.js';
import { queueWaitSeconds, queueWaiting } from './metrics.js';
import { RoundRobin, type Owner } from './round-robin.js';

export interface FairQueueOptions {
  /** In the metrics. */
  readonly name: string;
  /** How many works run at once. */
  readonly concurrency: number;
  /** How many of them may be of one owner. */
  readonly perOwner: number;
  /** How many works of one owner may wait; more are refused with 429. */
  readonly waitingPerOwner: number;
  /** How many works may wait in all; more are refused with 503. */
  readonly waiting: number;
  /** How long a work may wait, in ms; then it is refused with 503. undefined: as long as it takes. */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly begin: () => void;
  /** It has been refused meanwhile. */
  isRefused: boolean;
}

/** How soon a refused owner may try again, in seconds. */
const RETRY_AFTER_SECONDS = 1;

/** Runs a bounded number of works at once and lets owners take turns, so that one with many works holds up nobody else. */
export class FairQueue {
  readonly #limits: Omit<FairQueueOptions, 'name'>;
  readonly #waitSeconds;
  readonly #waitingGauge;
  readonly #waiting = new RoundRobin<Waiting>();
  readonly #runningOf = new Counts<Owner>();
  #running = 0;

  constructor({ name, ...limits }: FairQueueOptions) {
    this.#limits = limits;
    this.#waitSeconds = queueWaitSeconds.labels({ queue: name });
    this.#waitingGauge = queueWaiting.labels({ queue: name });
  }

  /** @throws TOO_MANY_REQUESTS when the owner has too many works waiting; SERVICE_UNAVAILABLE when all together have. */
  async run<T>(owner: Owner, work: () => Promise<T>): Promise<T> {
    const end = await this.enter(owner);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Begins a work in its owner's turn. @returns what ends it, to be called once. @throws as run. */
  async enter(owner: Owner): Promise<() => void> {
    if (!this.#hasRoomFor(owner)) await this.#wait(owner);
    else this.#begin(owner);
    return () => {
      this.#end(owner);
    };
  }

  #hasRoomFor(owner: Owner): boolean {
    return this.#running < this.#limits.concurrency && this.#isBelowShare(owner);
  }

  #isBelowShare(owner: Owner): boolean {
    return this.#runningOf.of(owner) < this.#limits.perOwner;
  }

  #wait(owner: Owner): Promise<void> {
    if (this.#waiting.countOf(owner) >= this.#limits.waitingPerOwner) {
      throw tooManyRequests({ retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    if (this.#waiting.size >= this.#limits.waiting) {
      throw serviceUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const { timeoutMs } = this.#limits;
    const observe = this.#waitSeconds.startTimer();
    this.#waitingGauge.inc();
    const end = () => {
      observe();
      this.#waitingGauge.dec();
    };
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        isRefused: false,
        begin: () => {
          clearTimeout(timer);
          end();
          resolve();
        },
      };
      const refuse = () => {
        waiting.isRefused = true;
        end();
        reject(serviceUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS }));
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(refuse, timeoutMs);
      this.#waiting.add(owner, waiting);
    });
  }

  #begin(owner: Owner): void {
    this.#running++;
    this.#runningOf.add(owner);
  }

  #end(owner: Owner): void {
    this.#running--;
    this.#runningOf.remove(owner);
    const isBelowShare = (candidate: Owner) => this.#isBelowShare(candidate);
    let next = this.#waiting.take(isBelowShare);
    while (next?.item.isRefused) next = this.#waiting.take(isBelowShare);
    if (!next) return;
    this.#begin(next.owner);
    next.item.begin();
  }
}
