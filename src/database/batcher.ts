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
  readonly resolve: (output: Output | Promise<Output>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Carries out many calls with one statement: calls that arrive while a batch is under way form the next batch.
 * Nobody waits for a batch to fill. When there is nothing to wait for, a call goes with those of its turn of the event
 * loop. Owners take turns, so that one with many calls does not delay the others. When the database refuses a batch, each call
 * is tried alone, in their order, so that one that is bad fails alone.
 */
export class Batcher<Input, Output> {
  readonly #run: (inputs: Input[]) => Promise<(Output | Promise<Output>)[]>;
  readonly #concurrency: number;
  readonly #maxBatch: number;
  readonly #overlaps: boolean;
  readonly #sizes;
  readonly #ownerOf: (input: Input) => Owner;
  readonly #laneOf: (input: Input) => number;
  readonly #waiting = new RoundRobin<Call<Input, Output>>();
  /** By lane: the calls that wait until it is open again. */
  readonly #closed = new Map<number, Call<Input, Output>[]>();
  #underWay = 0;

  /**
   * @param run answers as many inputs as it gets, in their order; one that will be answered later by a promise.
   * @param ownerOf whose call it is; the calls of one owner in one lane are carried out in their order.
   * @param laneOf what may be closed for a while: the calls of other lanes go on.
   */
  constructor(
    run: (inputs: Input[]) => Promise<(Output | Promise<Output>)[]>,
    { name, concurrency, maxBatch, overlaps = false }: BatcherOptions,
    ownerOf: (input: Input) => Owner = () => 0,
    laneOf: (input: Input) => number = () => 0,
  ) {
    this.#laneOf = laneOf;
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
      this.#start();
    });
  }

  /** From the next batch on; a lane that is closed is not closed again before it is open. */
  close(lane: number): void {
    this.#closed.set(lane, []);
  }

  /** The calls that waited come before those that nobody has looked at yet. */
  open(lane: number): void {
    const calls = this.#closed.get(lane) ?? [];
    this.#closed.delete(lane);
    for (const call of calls.reverse()) this.#waiting.addFirst(this.#ownerOf(call.input), call);
    this.#start();
  }

  #start(): void {
    if (this.#underWay === this.#concurrency || this.#waiting.size === 0) return;
    this.#underWay++;
    setImmediate(() => void this.#runAll());
  }

  async #runAll(): Promise<void> {
    while (this.#waiting.size > 0) await this.#runBatch(this.#waiting.takeMany(this.#maxBatch).filter(this.#isOpen));
    this.#underWay--;
  }

  /** A call of a closed lane waits from now on. */
  readonly #isOpen = (call: Call<Input, Output>): boolean => {
    const waiting = this.#closed.size > 0 ? this.#closed.get(this.#laneOf(call.input)) : undefined;
    waiting?.push(call);
    return !waiting;
  };

  /** When one fails for another reason than itself, the rest would wait for the same. */
  async #runOneByOne(calls: readonly Call<Input, Output>[]): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (const call of calls) {
      const { input, resolve, reject } = call;
      if (failure) {
        reject(failure.error);
        continue;
      }
      if (!this.#isOpen(call)) continue;
      try {
        const [output] = await this.#run([input]);
        resolve(output as Output | Promise<Output>);
      } catch (error) {
        reject(error);
        if (!isRefused(error)) failure = { error };
      }
    }
  }

  async #runBatch(calls: readonly Call<Input, Output>[]): Promise<void> {
    if (calls.length === 0) return;
    this.#sizes.observe(calls.length);
    try {
      const outputs = await this.#run(calls.map(({ input }) => input));
      const answer = () => {
        for (const [index, { resolve }] of calls.entries()) resolve(outputs[index] as Output | Promise<Output>);
      };
      if (this.#overlaps) setImmediate(answer);
      else answer();
    } catch (error) {
      if (calls.length > 1 && isRefused(error)) await this.#runOneByOne(calls);
      else for (const { reject } of calls) reject(error);
    }
  }
}
