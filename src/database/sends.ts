import type { Pool } from 'pg';
import { serviceUnavailable } from '../shared/errors.js';
import { Coalescer } from './coalescer.js';
import { isUniqueViolation } from './failures.js';
import { sendMessages, sendMessagesPatiently, type Draft, type Sending } from './statements/messages.js';
import { execute } from './statements/statement.js';

export type Sent = Exclude<Sending, { readonly outcome: 'stale' }>;

/** One at a time, which is what keeps a chat's messages in the order in which they came. */
const SENDS = { concurrency: 1, maxBatch: 256 };
/** Those to chats that somebody was changing wait here, so that the others don't. */
const HELD_UP_SENDS = { concurrency: 4, maxBatch: 32 };

/** Removals and deletions come one by one: a draft that waits meets one seldom, and hardly ever so many. */
const MAX_TRIES = 20;

/** Sends messages, those that arrive together with one statement. */
export class Sends {
  readonly #sends: Coalescer<Draft, Sending>;
  readonly #heldUpSends: Coalescer<Draft, Sending>;
  /** By the chat that was locked; what is there settles when the send that waits for it is over. */
  readonly #heldUp = new Map<number, Promise<unknown>>();

  constructor(pool: Pool) {
    const author = ({ authorId }: Draft) => authorId;
    this.#sends = new Coalescer((drafts) => sendAll(pool, sendMessages, drafts), SENDS, author);
    this.#heldUpSends = new Coalescer((drafts) => sendAll(pool, sendMessagesPatiently, drafts), HELD_UP_SENDS, author);
  }

  /** @throws SERVICE_UNAVAILABLE when the chat changes again and again. */
  async send(draft: Draft): Promise<Sent> {
    // It would only find the chat locked by the send that waits, and then keep it locked for those who come after it.
    const waiting = this.#heldUp.get(draft.chatId);
    if (waiting) await waiting;
    let sending = await this.#sends.call(draft);
    for (let tries = 1; sending.outcome === 'stale'; tries++) {
      if (tries === MAX_TRIES) throw serviceUnavailable({ retryAfterSeconds: 1 });
      sending = await this.#sendPatiently(draft);
    }
    return sending;
  }

  async #sendPatiently(draft: Draft): Promise<Sending> {
    const sending = this.#heldUpSends.call(draft);
    const over = Promise.allSettled([sending]);
    this.#heldUp.set(draft.chatId, over);
    try {
      return await sending;
    } finally {
      if (this.#heldUp.get(draft.chatId) === over) this.#heldUp.delete(draft.chatId);
    }
  }
}

async function sendAll(pool: Pool, statement: typeof sendMessages, drafts: readonly Draft[]): Promise<Sending[]> {
  try {
    return await execute(pool, statement, [
      drafts.map(({ authorId }) => authorId),
      drafts.map(({ chatId }) => chatId),
      drafts.map(({ contents }) => contents),
      drafts.map(({ clientId }) => clientId ?? null),
    ]);
  } catch (error) {
    // A repeat that was under way on another node has been committed first: next time it is found.
    if (isUniqueViolation(error)) return drafts.map(() => ({ outcome: 'stale' }));
    throw error;
  }
}
