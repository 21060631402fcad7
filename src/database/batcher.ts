import { batchSize } from '../shared/metrics.js';
import { RoundRobin, type Owner } from '../shared/round-robin.js';
import { isRefused } from './failures.js';

interface BatcherOptions {
  /** In the metrics. */
  readonly name: string;
  /** How many batches may be under way; with 1 they are carried out in the order of the calls. */
  readonly concurrency: number;
  /** How many calls a batch has at the most: its first waits for its last. */
  readonly maxBatch: number;
  /**
   * Whether the next batch begins before the calls of the last one are answered, so that the database works meanwhile.
   * Batches get smaller: good only where a batch costs little beside its calls.
   */
  readonly overlaps?: boolean;
}

interface Call<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Carries out many calls with one statement: calls that arrive while a batch is under way form the next batch.
 * Nobody waits for a batch to fill. When there is nothing to wait for, a call goes with those of its turn of the event
 * loop. Owners take turns, so that one with many calls does not delay the others. When the database refuses a batch, each call
 * is tried alone, in their order, so that one that is bad fails alone.
 */
export class Batcher<Input, Output> {
  readonly #run: (inputs: Input[]) => Promise<Output[]>;
  readonly #concurrency: number;
  readonly #maxBatch: number;
  readonly #overlaps: boolean;
  readonly #sizes;
  readonly #ownerOf: (input: Input) => Owner;
  readonly #waiting = new RoundRobin<Call<Input, Output>>();
  #underWay = 0;

  /**
   * @param run answers as many inputs as it gets, in their order.
   * @param ownerOf whose call it is; the calls of one owner are carried out in their order.
   */
  constructor(
    run: (inputs: Input[]) => Promise<Output[]>,
    { name, concurrency, maxBatch, overlaps = false }: BatcherOptions,
    ownerOf: (input: Input) => Owner = () => 0,
  ) {
    this.#ownerOf = ownerOf;
    this.#run = run;
    this.#concurrency = concurrency;
    this.#maxBatch = maxBatch;
    this.#overlaps = overlaps;
    this.#sizes = batchSize.labels({ batcher: name });
  }

  call(input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(this.#ownerOf(input), { input, resolve, reject });
      if (this.#underWay === this.#concurrency) return;
      this.#underWay++;
      setImmediate(() => void this.#runAll());
    });
  }

  async #runAll(): Promise<void> {
    while (this.#waiting.size > 0) await this.#runBatch(this.#waiting.takeMany(this.#maxBatch));
    this.#underWay--;
  }

  /** When one fails for another reason than itself, the rest would wait for the same. */
  async #runOneByOne(calls: readonly Call<Input, Output>[]): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (const { input, resolve, reject } of calls) {
      if (failure) {
        reject(failure.error);
        continue;
      }
      try {
        const [output] = await this.#run([input]);
        resolve(output as Output);
      } catch (error) {
        reject(error);
        if (!isRefused(error)) failure = { error };
      }
    }
  }

  async #runBatch(calls: readonly Call<Input, Output>[]): Promise<void> {
    this.#sizes.observe(calls.length);
    try {
      const outputs = await this.#run(calls.map(({ input }) => input));
      const answer = () => {
        for (const [index, { resolve }] of calls.entries()) resolve(outputs[index] as Output);
      };
      if (this.#overlaps) setImmediate(answer);
      else answer();
    } catch (error) {
      if (calls.length > 1 && isRefused(error)) await this.#runOneByOne(calls);
      else for (const { reject } of calls) reject(error);
    }
  }
}
