import type { IDBPDatabase } from 'idb';
import type { Step } from '../held.js';
import type { AccountStore, Stored, StoredPage } from '../store.js';
import type { Message } from '../wire.js';
import { TABLES, type Schema } from './schema.js';
import { messagesOf, writeSteps } from './write-steps.js';

/** So many messages of a chat stay when there is no room for more. */
const KEPT = 200;

/** The page may be gone before the browser would commit it by itself. */
function commit(transaction: { commit(): void }): void {
  try {
    transaction.commit();
  } catch {
    // Then it is over already, or goes on by itself.
  }
}

/** What is kept of one account, in a database of its own. */
export class IndexedDbAccount implements AccountStore {
  constructor(private readonly database: IDBPDatabase<Schema>) {}

  async load(): Promise<Stored | undefined> {
    const transaction = this.database.transaction(TABLES);
    const [position, chats, floorKeys, floors, people, blocked, outbox] = await Promise.all([
      transaction.objectStore('position').get('position'),
      transaction.objectStore('chats').getAll(),
      transaction.objectStore('floors').getAllKeys(),
      transaction.objectStore('floors').getAll(),
      transaction.objectStore('people').getAll(),
      transaction.objectStore('blocked').getAll(),
      transaction.objectStore('outbox').getAll(),
      transaction.done,
    ]);
    if (!position) return undefined;
    const floorOf = new Map(floorKeys.map((chatId, index) => [chatId, floors[index] ?? 0]));
    const stored = chats.map((chat) => ({ chat, floor: floorOf.get(chat.id) ?? 0 }));
    return { position, chats: stored, people, blocked, outbox };
  }

  async older(chatId: number, below: number, limit: number): Promise<StoredPage> {
    const transaction = this.database.transaction(['floors', 'messages']);
    const floor = await transaction.objectStore('floors').get(chatId);
    if (floor === undefined || floor >= below) return { floor: below, messages: [] };
    const messages: Message[] = [];
    let cursor = await transaction.objectStore('messages').openCursor(messagesOf(chatId, below), 'prev');
    while (cursor && messages.length < limit) {
      messages.unshift(cursor.value);
      cursor = await cursor.continue();
    }
    return { floor: cursor ? (messages[0]?.id ?? below) : floor, messages };
  }

  async write(steps: readonly Step[]): Promise<void> {
    try {
      await this.#write(steps);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
      await this.#makeRoom();
      await this.#write(steps);
    }
  }

  async clear(): Promise<void> {
    const transaction = this.database.transaction(TABLES, 'readwrite');
    const cleared = TABLES.map((table) => transaction.objectStore(table).clear());
    commit(transaction);
    await Promise.all([...cleared, transaction.done]);
  }

  close(): void {
    this.database.close();
  }

  async #write(steps: readonly Step[]): Promise<void> {
    // Begun at once, so whatever begins later sees it.
    const transaction = this.database.transaction(TABLES, 'readwrite');
    try {
      await Promise.all([
        writeSteps(transaction, steps).then(() => {
          commit(transaction);
        }),
        transaction.done,
      ]);
    } catch (error) {
      throw transaction.error ?? error;
    }
  }

  /** Forgets old messages. They are read from the server again when somebody wants them. */
  async #makeRoom(): Promise<void> {
    const transaction = this.database.transaction(['floors', 'messages'], 'readwrite');
    const messages = transaction.objectStore('messages');
    for (const chatId of await transaction.objectStore('floors').getAllKeys()) {
      let cursor = await messages.openKeyCursor(messagesOf(chatId), 'prev');
      cursor &&= await cursor.advance(KEPT - 1);
      if (!cursor) continue;
      const [, floor] = cursor.key;
      await messages.delete(messagesOf(chatId, floor));
      await transaction.objectStore('floors').put(floor, chatId);
    }
    await transaction.done;
  }
}
