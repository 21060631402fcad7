import { setTimeout as sleep } from 'node:timers/promises';

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface PacedBatchesOptions<Item, Result> {
  /** Between the beginnings of two batches of the same key. */
  readonly pauseMs: number;
  readonly maxBatch: number;
  /** @returns for each item its result, or why it was refused. */
  readonly carryOut: (key: number, items: readonly Item[]) => Promise<readonly (Result | Error)[]>;
}

/** Gathers what is to be done about a key while it is busy or pauses. The first item does not wait. */
export class PacedBatches<Item, Result> {
  readonly #options: PacedBatchesOptions<Item, Result>;
  /** By key; it is there while the key is busy or pauses. */
  readonly #waiting = new Map<number, Waiting<Item, Result>[]>();

  constructor(options: PacedBatchesOptions<Item, Result>) {
    this.#options = options;
  }

  /** @throws why the item was refused, or its batch failed. */
  async add(key: number, item: Item): Promise<Result> {
    return await new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(key);
      if (waiting) waiting.push({ item, resolve, reject });
      else {
        this.#waiting.set(key, [{ item, resolve, reject }]);
        void this.#work(key);
      }
    });
  }

  async #work(key: number): Promise<void> {
    const { pauseMs, maxBatch } = this.#options;
    for (;;) {
      const batch = this.#waiting.get(key)?.splice(0, maxBatch) ?? [];
      if (batch.length === 0) {
        this.#waiting.delete(key);
        return;
      }
      // The pause is between the beginnings.
      await Promise.all([this.#carryOut(key, batch), sleep(pauseMs)]);
    }
  }

  async #carryOut(key: number, batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const items = batch.map(({ item }) => item);
      const results = await this.#options.carryOut(key, items);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result instanceof Error) reject(result);
        else resolve(result as Result);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
