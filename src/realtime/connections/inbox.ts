import type { Connection } from './connection.js';

/** So many frames, or so much of them, may wait for the one that is being carried out; then no more are read. */
const MAX_FRAMES = 32;
const MAX_LENGTH = 32 * 1024;
const FRAMES_PER_SECOND = 100;
const MAX_BURST = 500;

/** The frames of a client that wait for their turn, in the order in which they came. */
export class Inbox {
  readonly #connection: Pick<Connection, 'pause' | 'resume' | 'receivedBytes'>;
  /** As they came: what is parsed may take twenty times the room. */
  #texts: string[] = [];
  #length = 0;
  /** What had been received when the last frame was there: what came since is a part of the next one. */
  #receivedWithFrames = 0;
  #burst = MAX_BURST;
  #burstAt = Date.now();

  constructor(connection: Pick<Connection, 'pause' | 'resume' | 'receivedBytes'>) {
    this.#connection = connection;
  }

  /** What the server keeps of frames, those included that are not whole. */
  get waitingBytes(): number {
    return this.#length + this.#connection.receivedBytes - this.#receivedWithFrames;
  }

  /** A whole frame has come. */
  sawFrame(): void {
    this.#receivedWithFrames = this.#connection.receivedBytes;
  }

  /** @returns whether there may be another frame now. */
  count(): boolean {
    const now = Date.now();
    this.#burst = Math.min(MAX_BURST, this.#burst + ((now - this.#burstAt) / 1000) * FRAMES_PER_SECOND);
    this.#burstAt = now;
    return --this.#burst >= 0;
  }

  push(text: string): void {
    this.#texts.push(text);
    this.#length += text.length;
    if (this.#texts.length >= MAX_FRAMES || this.#length >= MAX_LENGTH) this.#connection.pause();
  }

  next(): string | undefined {
    const text = this.#texts.shift();
    if (text === undefined) return undefined;
    this.#length -= text.length;
    if (this.#texts.length === MAX_FRAMES / 2) this.#connection.resume();
    return text;
  }

  clear(): void {
    this.#texts = [];
    this.#length = 0;
  }
}
