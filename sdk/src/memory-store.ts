import type { Step } from './held.js';
import { Holdings } from './holdings.js';
import type { AccountStore, Store, Stored, StoredPage } from './store.js';

/** Keeps everything as long as the page is there. */
class MemoryAccount implements AccountStore {
  #holdings = new Holdings();

  load(): Promise<Stored | undefined> {
    const { position, chats, ranges, people, blocked, outbox } = this.#holdings;
    const stored = position && {
      position,
      chats: [...chats.values()].map((chat) => ({ chat, floor: ranges.get(chat.id)?.floor ?? 0 })),
      people: [...people.values()],
      blocked: [...blocked.values()],
      outbox: [...outbox.values()],
    };
    return Promise.resolve(stored);
  }

  older(chatId: number, below: number, limit: number): Promise<StoredPage> {
    return Promise.resolve(this.#holdings.ranges.get(chatId)?.older(below, limit) ?? { floor: below, messages: [] });
  }

  write(steps: readonly Step[]): Promise<void> {
    for (const step of steps) this.#holdings.take(step);
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#holdings = new Holdings();
    return Promise.resolve();
  }

  close(): void {
    // It goes with the page.
  }
}

/** Nothing outlives the page, but another client in it has the same. For tests, and for pages that make a client anew. */
export function memoryStore(): Store {
  const accounts = new Map<string, MemoryAccount>();
  return (account) => {
    const store = accounts.get(account) ?? new MemoryAccount();
    accounts.set(account, store);
    return store;
  };
}
