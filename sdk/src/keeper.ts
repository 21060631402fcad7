import type { Step } from './held.js';
import { Replica } from './replica.js';
import type { AccountStore } from './store.js';
import type { ChatChange, Message } from './wire.js';

/** Hears of what has been committed of a chat. */
export interface Observer {
  /** A message of the user's own is there, perhaps one that waits. */
  sent(chatId: number, message: Message): void;
  moved(chatId: number): void;
}

/** Keeps the copy in memory and the one in the store the same. */
export class Keeper {
  readonly #onError: (error: unknown) => void;
  readonly replica = new Replica();
  observer: Observer | undefined;
  /** Other tabs are told of the steps, too. */
  onSteps: ((steps: readonly Step[]) => void) | undefined;
  #store: AccountStore | undefined;
  #batch: Step[] = [];
  #written: Promise<void> = Promise.resolve();
  readonly #broken = new WeakSet<AccountStore>();
  /** What has changed in a chat while something of it was being read, by the reader. */
  readonly #recordings = new Map<number, Set<ChatChange[]>>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** @returns whether anything had been kept there. */
  async open(store: AccountStore): Promise<boolean> {
    const stored = await store.load();
    const early = [...this.replica.holdings.outbox.values()];
    if (stored) this.replica.load(stored);
    this.#store = store;
    // What was done before is kept from now on.
    this.commit(early.map((item) => ({ type: 'wait', item })));
    return stored !== undefined;
  }

  /** What is committed in one turn of the event loop is written as a whole. */
  commit(steps: readonly Step[]): void {
    for (const step of steps) {
      this.replica.take(step);
      if (this.#batch.push(step) === 1) queueMicrotask(() => void this.flush());
    }
    // Only now: a chat comes with its messages, and the observer may commit what follows from both.
    for (const step of steps) {
      if (step.type === 'chat') this.observer?.moved(step.chat.id);
      else if (step.type === 'forget') this.observer?.moved(step.chatId);
      else if (step.type === 'message' && step.message.author_id === this.replica.userId) {
        this.observer?.sent(step.chatId, step.message);
      }
    }
  }

  /** Settles when everything that has been committed is in the store. */
  flush(): Promise<void> {
    const steps = this.#batch;
    this.#batch = [];
    if (steps.length === 0) return this.#written;
    // At once, and not only when an earlier write is done: stores keep the order, and the page may be closed any time.
    const before = this.#written;
    this.#written = this.#write(this.#store, steps).then(() => before);
    // A tab that hears nothing of it yet finds it in the store.
    this.onSteps?.(steps);
    return this.#written;
  }

  /** Up to `limit` messages from the store, once everything is in it. */
  async older(chatId: number, below: number, limit: number) {
    await this.flush();
    return await this.#store?.older(chatId, below, limit);
  }

  /** Writes down what changes in a chat from now on, until what it gives is called. */
  record(chatId: number): { changes: readonly ChatChange[]; end: () => void } {
    const changes: ChatChange[] = [];
    const recordings = this.#recordings.get(chatId) ?? new Set();
    this.#recordings.set(chatId, recordings.add(changes));
    const end = () => {
      recordings.delete(changes);
      if (recordings.size === 0) this.#recordings.delete(chatId);
    };
    return { changes, end };
  }

  recorded(chatId: number, change: ChatChange): void {
    for (const changes of this.#recordings.get(chatId) ?? []) changes.push(change);
  }

  /** Forgets everything, here and in the store. */
  async clear(): Promise<void> {
    this.#batch = [];
    const keys = [...this.replica.holdings.outbox.keys()];
    this.onSteps?.([{ type: 'reset' }, ...keys.map((key) => ({ type: 'settle', key }) as const)]);
    this.replica.clear();
    await (this.#written = this.#store?.clear() ?? Promise.resolve());
  }

  /** Without a store from then on, once everything is written. */
  close(): void {
    const written = this.flush();
    const store = this.#store;
    this.#store = undefined;
    void written.finally(() => store?.close());
  }

  async #write(store: AccountStore | undefined, steps: readonly Step[]): Promise<void> {
    if (!store || this.#broken.has(store)) return;
    try {
      await store.write(steps);
    } catch (error) {
      // What comes after these steps would not fit without them: the store begins afresh the next time.
      this.#broken.add(store);
      await store.clear().catch(() => undefined);
      this.#onError(error);
    }
  }
}
