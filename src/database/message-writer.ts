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
/** Sends to chats that another transaction was changing wait here, chat by chat, so that the other sends don't. */
const HELD_UP_CHATS = { name: 'held-up chats', concurrency: 4, maxBatch: 32 };
/** As many as can be found held up at once. */
const HELD_UP_SENDS = { name: 'held-up sends', concurrency: 1, maxBatch: SENDS.maxBatch };

/** Removals and deletions come one by one: a message that waits meets one seldom, and hardly ever so many. */
const MAX_TRIES = 20;

const STALE: SendOutcome = { outcome: 'stale' };

const COMMIT = commitSeconds.labels({ type: 'message.created' });

/** Sends messages. One statement carries all that arrive together. */
export class MessageWriter {
  readonly #sends: Batcher<NewMessage, SendOutcome>;
  readonly #heldUpChats: Batcher<readonly NewMessage[], SendOutcome[]>;

  /**
   * @param write skips the sends to chats that another transaction is changing: they are stale.
   * @param writePatiently waits for a chat that is being changed.
   */
  constructor(write: Write, writePatiently: Write) {
    this.#sends = new Batcher((messages) => this.#writeOrHoldUp(write, messages), SENDS, authorOf, chatOf);
    this.#heldUpChats = new Batcher(async (chats) => {
      const outcomes = await writeAll(writePatiently, chats.flat());
      return chats.map((messages) => outcomes.splice(0, messages.length));
    }, HELD_UP_CHATS);
  }

  /** @throws SERVICE_UNAVAILABLE when the chat changes again and again. */
  async send(message: NewMessage): Promise<Sent> {
    const observe = COMMIT.startTimer();
    const outcome = await this.#sends.call(message);
    if (outcome.outcome === 'stale') throw serviceUnavailable({ retryAfterSeconds: 1 });
    observe();
    return outcome;
  }

  async #writeOrHoldUp(write: Write, messages: readonly NewMessage[]): Promise<(SendOutcome | Promise<SendOutcome>)[]> {
    const outcomes = await writeAll(write, messages);
    const stale = messages.filter((_, index) => outcomes[index]?.outcome === 'stale');
    if (stale.length === 0) return outcomes;
    const heldUp = [...new Set(stale.map(chatOf))].flatMap((chatId) =>
      this.#holdUp(
        chatId,
        stale.filter((message) => message.chatId === chatId),
      ),
    );
    const later = new Map(heldUp);
    return messages.map((message, index) => later.get(message) ?? outcomes[index] ?? STALE);
  }

  /** Later sends to the chat would only find it locked, and then keep it locked for those after them. */
  #holdUp(chatId: number, messages: readonly NewMessage[]): (readonly [NewMessage, Promise<SendOutcome>])[] {
    this.#sends.close(chatId);
    const batcher = new Batcher((sends: NewMessage[]) => this.#writePatiently(sends), HELD_UP_SENDS, authorOf);
    const sending = messages.map((message) => [message, batcher.call(message)] as const);
    void Promise.allSettled(sending.map(([, outcome]) => outcome)).then(() => {
      this.#sends.open(chatId);
    });
    return sending;
  }

  async #writePatiently(messages: NewMessage[]): Promise<SendOutcome[]> {
    let outcomes: SendOutcome[] = messages.map(() => STALE);
    for (let tries = 1; tries < MAX_TRIES; tries++) {
      const again = messages.filter((_, index) => outcomes[index]?.outcome === 'stale');
      staleSendCount.inc(again.length);
      if (again.length === 0) break;
      const next = (await this.#heldUpChats.call(again)).values();
      outcomes = outcomes.map((was) => (was.outcome === 'stale' ? (next.next().value ?? STALE) : was));
    }
    return outcomes;
  }
}

function authorOf({ authorId }: NewMessage): number {
  return authorId;
}

function chatOf({ chatId }: NewMessage): number {
  return chatId;
}

async function writeAll(write: Write, messages: readonly NewMessage[]): Promise<SendOutcome[]> {
  try {
    return await write(messages);
  } catch (error) {
    // A repeat that was under way on another node has been committed first: next time it is found.
    if (isUniqueViolation(error)) return messages.map(() => STALE);
    throw error;
  }
}
