import { setTimeout as sleep } from 'node:timers/promises';
import { serviceUnavailable } from './errors.js';

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Between the beginnings of two batches of a key, in ms. */
const MIN_PAUSE_MS = 100;
/** Where batches take long. */
const MAX_PAUSE_MS = 250;
/** How much of the time batches of a key may take, up to the longest pause: what else is to be done about the key waits meanwhile. */
const SHARE = 0.05;
const MAX_BATCH = 500;
/** Of all keys. */
const MAX_WAITING = 5000;
/** The next answers come a little later: hundreds in a row, and the requests that clients make then, would hold up everybody else. */
const ANSWERED_AT_ONCE = 8;
const ANSWER_PAUSE_MS = 2;

/** @returns for each item its result, or why it was refused. */
type CarryOut<Item, Result> = (key: number, items: readonly Item[]) => Promise<readonly (Result | Error)[]>;

/**
 * Gathers what is to be done about a key while it is busy or pauses: ten batches a second at the most, and fewer when they take long. The
 * first item does not wait.
 */
export class PacedBatches<Item, Result> {
  readonly #carryOutAll: CarryOut<Item, Result>;
  /** By key; it is there while the key is busy or pauses. */
  readonly #waiting = new Map<number, Waiting<Item, Result>[]>();
  #waitingCount = 0;

  constructor(carryOut: CarryOut<Item, Result>) {
    this.#carryOutAll = carryOut;
  }

  /** @throws why the item was refused, or its batch failed; SERVICE_UNAVAILABLE while too many wait. */
  async add(key: number, item: Item): Promise<Result> {
    if (this.#waitingCount >= MAX_WAITING) throw serviceUnavailable({ retryAfterSeconds: 1 });
    this.#waitingCount++;
    const result = new Promise<Result>((resolve, reject) => {
      const waiting = this.#waiting.get(key);
      if (waiting) waiting.push({ item, resolve, reject });
      else {
        this.#waiting.set(key, [{ item, resolve, reject }]);
        void this.#work(key);
      }
    });
    return await result.finally(() => this.#waitingCount--);
  }

  async #work(key: number): Promise<void> {
    for (;;) {
      const batch = this.#waiting.get(key)?.splice(0, MAX_BATCH) ?? [];
      if (batch.length === 0) {
        this.#waiting.delete(key);
        return;
      }
      const beganAt = performance.now();
      await this.#carryOut(key, batch);
      const took = performance.now() - beganAt;
      const pause = Math.min(Math.max(MIN_PAUSE_MS, took / SHARE), MAX_PAUSE_MS);
      // Node.js warns of a time that has passed.
      await sleep(Math.max(0, pause - took));
    }
  }

  async #carryOut(key: number, batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const items = batch.map(({ item }) => item);
      const results = await this.#carryOutAll(key, items);
      for (const [index, { resolve, reject }] of batch.entries()) {
        if (index % ANSWERED_AT_ONCE === ANSWERED_AT_ONCE - 1) await sleep(ANSWER_PAUSE_MS);
        const result = results[index];
        if (result instanceof Error) reject(result);
        else resolve(result as Result);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
