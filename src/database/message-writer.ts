import { serviceUnavailable } from '../shared/errors.js';
import { commitSeconds, staleSendCount } from '../shared/metrics.js';
import { Batcher } from './batcher.js';
import { isUniqueViolation } from './failures.js';
import type { NewMessage, SendOutcome } from './statements/messages.js';

export type Sent = Exclude<SendOutcome, { readonly outcome: 'stale' }>;

/** Sends all of them with one statement, and answers in their order. */
type Write = (messages: readonly NewMessage[]) => Promise<SendOutcome[]>;

/** One at a time, which is what keeps a chat's messages in the order in which they came. */
const SENDS = { name: 'sends', concurrency: 1, maxBatch: 256, overlaps: true };
/** Sends to chats that another transaction was changing wait here, so that the other sends don't. */
const HELD_UP_SENDS = { name: 'held-up sends', concurrency: 4, maxBatch: 32 };

/** Removals and deletions come one by one: a message that waits meets one seldom, and hardly ever so many. */
const MAX_TRIES = 20;

const COMMIT = commitSeconds.labels({ type: 'message.created' });

/** Sends messages. One statement carries all that arrive together. */
export class MessageWriter {
  readonly #sends: Batcher<NewMessage, SendOutcome>;
  readonly #heldUpSends: Batcher<NewMessage, SendOutcome>;
  /** By the chat that was locked; what is there settles when the send that waits for it is over. */
  readonly #heldUp = new Map<number, Promise<unknown>>();

  /**
   * @param write skips the sends to chats that another transaction is changing: they are stale.
   * @param writePatiently waits for a chat that is being changed.
   */
  constructor(write: Write, writePatiently: Write) {
    const author = ({ authorId }: NewMessage) => authorId;
    this.#sends = new Batcher((messages) => writeAll(write, messages), SENDS, author);
    this.#heldUpSends = new Batcher((messages) => writeAll(writePatiently, messages), HELD_UP_SENDS, author);
  }

  /** @throws SERVICE_UNAVAILABLE when the chat changes again and again. */
  async send(message: NewMessage): Promise<Sent> {
    const observe = COMMIT.startTimer();
    // It would only find the chat locked by the send that waits, and then keep it locked for the sends after it.
    const waiting = this.#heldUp.get(message.chatId);
    if (waiting) await waiting;
    let outcome = await this.#sends.call(message);
    for (let tries = 1; outcome.outcome === 'stale'; tries++) {
      staleSendCount.inc();
      if (tries === MAX_TRIES) throw serviceUnavailable({ retryAfterSeconds: 1 });
      outcome = await this.#sendPatiently(message);
    }
    observe();
    return outcome;
  }

  async #sendPatiently(message: NewMessage): Promise<SendOutcome> {
    const sending = this.#heldUpSends.call(message);
    const over = Promise.allSettled([sending]);
    this.#heldUp.set(message.chatId, over);
    try {
      return await sending;
    } finally {
      if (this.#heldUp.get(message.chatId) === over) this.#heldUp.delete(message.chatId);
    }
  }
}

async function writeAll(write: Write, messages: readonly NewMessage[]): Promise<SendOutcome[]> {
  try {
    return await write(messages);
  } catch (error) {
    // A repeat that was under way on another node has been committed first: next time it is found.
    if (isUniqueViolation(error)) return messages.map(() => ({ outcome: 'stale' }));
    throw error;
  }
}
