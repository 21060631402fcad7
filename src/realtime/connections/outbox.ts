import type { FrameBatch } from '../delivery/frame-batch.js';
import type { Connection, InspectFrame } from './connection.js';

/** A client whose answers wait for longer than this is asked nothing more until it has read them. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** What is due to a client, until it leaves in one write. */
export class Outbox {
  readonly #connection: Connection;
  readonly #inspect: InspectFrame | undefined;
  #batches: FrameBatch[] = [];
  /** Bytes of answers that are due, and of answers that the network may not have taken. */
  #dueAnswerBytes = 0;
  #answerBytes = 0;

  constructor(connection: Connection, inspect: InspectFrame | undefined) {
    this.#connection = connection;
    this.#inspect = inspect;
  }

  add(batch: FrameBatch): void {
    this.#batches.push(batch);
  }

  addAnswer(batch: FrameBatch): void {
    this.#dueAnswerBytes += batch.bytes.length;
    this.#batches.push(batch);
  }

  /** Whether so much has been asked for and not been read that the client has to read first. */
  get isFullOfAnswers(): boolean {
    return this.#answerBytes + this.#dueAnswerBytes > MAX_ANSWER_BYTES;
  }

  /**
   * Writes what is due.
   * @param limitBytes how much may wait for the client before that.
   * @returns whether the client reads fast enough. If it does not, nothing is written.
   */
  flush(limitBytes: number): boolean {
    if (this.#batches.length === 0) return true;
    const waiting = this.#connection.bufferedBytes;
    if (waiting === 0) this.#answerBytes = 0;
    // An answer may exceed the limit: the client has asked for it.
    if (waiting > limitBytes + this.#answerBytes) {
      this.clear();
      return false;
    }
    this.#answerBytes += this.#dueAnswerBytes;
    this.#dueAnswerBytes = 0;
    this.write();
    return true;
  }

  /** Writes what is due, however much waits. */
  write(): void {
    if (this.#batches.length === 0) return;
    const batches = this.#batches;
    this.#batches = [];
    if (this.#inspect) for (const { events } of batches) for (const { text } of events) this.#inspect('socket', text);
    this.#connection.write(batches);
  }

  clear(): void {
    this.#batches = [];
  }
}
