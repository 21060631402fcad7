import type { Receiver } from './receiver.js';

/** Enough for a round; when there is more, it is read in the middle of it. */
const MAX_BYTES = 128 * 1024 * 1024;
const MAX_COUNT = 500_000;

/** What arrived, to be read when nothing is due: keeping it takes less time, which others would have to wait for. */
export class Arrivals {
  // The system gives memory only where something is written.
  readonly #bytes = Buffer.allocUnsafeSlow(MAX_BYTES);
  readonly #ends = new Uint32Array(MAX_COUNT);
  readonly #times = new Float64Array(MAX_COUNT);
  readonly #receivers: Receiver[] = [];
  #count = 0;
  #length = 0;

  constructor(private readonly read: (receiver: Receiver, bytes: Buffer, at: number) => void) {}

  keep(receiver: Receiver, bytes: Buffer, at: number): void {
    if (this.#count === MAX_COUNT || this.#length + bytes.length > MAX_BYTES) this.readAll();
    this.#length += bytes.copy(this.#bytes, this.#length);
    this.#ends[this.#count] = this.#length;
    this.#times[this.#count] = at;
    this.#receivers[this.#count] = receiver;
    this.#count++;
  }

  readAll(): void {
    let start = 0;
    for (let index = 0; index < this.#count; index++) {
      const end = this.#ends[index]!;
      this.read(this.#receivers[index]!, this.#bytes.subarray(start, end), this.#times[index]!);
      start = end;
    }
    this.#receivers.length = 0;
    this.#count = 0;
    this.#length = 0;
  }
}
