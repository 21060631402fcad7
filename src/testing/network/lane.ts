import type { Socket } from 'node:net';
import { passedMs, realClearTimeout, realSetTimeout } from '../real-time.js';
import { breakOff } from './break-off.js';
import type { Conditions } from './conditions.js';

/** So much may be on its way; then no more is read, as when the buffers of a network are full. */
const MAX_BYTES = 256 * 1024;

/** What is on its way: bytes, or how the connection has ended. */
interface Parcel {
  readonly content: Buffer | 'end' | 'close' | 'reset';
  dueAt: number;
}

/** One direction of a connection. What comes out of one socket goes into the other, in order, when it is due. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  #conditions: Conditions;
  #parcels: Parcel[] = [];
  #bytes = 0;
  /** When the last byte so far arrives. */
  #busyUntil = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, conditions: Conditions) {
    this.#from = from;
    this.#to = to;
    this.#conditions = conditions;
    from.on('data', (bytes) => {
      this.#send(bytes);
    });
    from.on('end', () => {
      this.#send('end');
    });
    from.on('close', (isBroken) => {
      this.#send(isBroken ? 'reset' : 'close');
    });
    // 'close' comes next.
    from.on('error', () => undefined);
    to.on('drain', () => {
      this.#deliver();
    });
  }

  /** What is on its way goes on by the new ones. */
  set conditions(conditions: Conditions) {
    this.#conditions = conditions;
    this.#busyUntil = 0;
    for (const parcel of this.#parcels) parcel.dueAt = this.#arrivalOf(parcel.content);
    this.#deliver();
  }

  /** Nothing of it arrives any more. */
  cut(): void {
    realClearTimeout(this.#timer);
    this.#parcels = [];
    this.#bytes = 0;
  }

  #send(content: Parcel['content']): void {
    this.#parcels.push({ content, dueAt: this.#arrivalOf(content) });
    this.#bytes += lengthOf(content);
    if (this.#bytes > MAX_BYTES) this.#from.pause();
    this.#deliver();
  }

  #arrivalOf(content: Parcel['content']): number {
    const { latencyMs, msPerByte } = this.#conditions;
    const begins = Math.max(passedMs() + latencyMs, this.#busyUntil);
    this.#busyUntil = begins + lengthOf(content) * msPerByte;
    return this.#busyUntil;
  }

  #deliver(): void {
    realClearTimeout(this.#timer);
    for (;;) {
      const [parcel] = this.#parcels;
      if (!parcel || this.#conditions.isStalled || this.#to.writableNeedDrain) return;
      const waitMs = parcel.dueAt - passedMs();
      if (waitMs > 0) {
        this.#timer = realSetTimeout(() => {
          this.#deliver();
        }, waitMs).unref();
        return;
      }
      this.#parcels.shift();
      this.#bytes -= lengthOf(parcel.content);
      this.#hand(parcel.content);
      if (this.#bytes <= MAX_BYTES / 2) this.#from.resume();
    }
  }

  #hand(content: Parcel['content']): void {
    if (this.#to.destroyed) return;
    if (content === 'end') this.#to.end();
    else if (content === 'close') this.#to.destroySoon();
    else if (content === 'reset') breakOff(this.#to);
    else this.#to.write(content);
  }
}

function lengthOf(content: Parcel['content']): number {
  return typeof content === 'string' ? 0 : content.length;
}
