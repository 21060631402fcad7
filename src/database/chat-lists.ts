import { LRUCache } from 'lru-cache';
import type { Database } from './client.js';
import type { ChatListRow } from './statements/chats.js';
import type { PreparedStatements } from './statements/prepare.js';

/** So many are remembered. */
const MAX_UNUSUAL_LISTS = 100_000;

/** Which chats of a list, in the order of their activity. */
export interface WantedChats {
  /** Exclusive, in ms since 1970; Infinity begins with the most recent. */
  readonly before: number;
  readonly limit: number;
  /** Only chats that are archived, or only chats that are not. undefined: all. */
  readonly archived?: boolean | undefined;
  /** Only chats that are pinned, or only chats that are not. undefined: all. */
  readonly pinned?: boolean | undefined;
  /** Only these chats. undefined: all. */
  readonly within?: ReadonlySet<number> | undefined;
}

/** Reads lists of chats: each is one statement, by what the user's list was like before. */
export class ChatLists {
  readonly #db: Pick<Database, 'execute' | 'inTurn'>;
  readonly #statements: PreparedStatements;
  /** Users of whose chats some were not plain: their next list is asked for as a whole. */
  readonly #unusual = new LRUCache<number, true>({ max: MAX_UNUSUAL_LISTS });

  constructor(db: Pick<Database, 'execute' | 'inTurn'>, statements: PreparedStatements) {
    this.#db = db;
    this.#statements = statements;
  }

  /** @returns undefined: there is no such user. */
  async read(userId: number, wanted: WantedChats): Promise<ChatListRow[] | undefined> {
    const rows = await this.#db.inTurn(userId, () => this.#find(userId, wanted));
    return rows.length === 0 ? undefined : rows.filter((row) => row !== null);
  }

  async #find(
    userId: number,
    { before, limit, archived, pinned, within }: WantedChats,
  ): Promise<(ChatListRow | null)[]> {
    const prepared = this.#statements;
    const values = [userId, before, limit, archived ?? null, pinned ?? null];
    if (within) {
      const some = [...values, [...within]];
      const found = await this.#db.execute(prepared.listSomeChats, some);
      return found.length > 0 ? found : this.#db.execute(prepared.listSomeChatsShadowed, some);
    }
    const isUnusual = this.#unusual.has(userId);
    let found = await this.#db.execute(isUnusual ? prepared.listChats : prepared.listPlainChats, values);
    if (found.length === 0) return this.#db.execute(prepared.listChatsShadowed, values);
    if (!found.some((row) => row?.isUnusual)) {
      this.#unusual.delete(userId);
      return found;
    }
    this.#unusual.set(userId, true);
    if (isUnusual) return found;
    found = await this.#db.execute(prepared.listChats, values);
    // Between the two statements they may have come into the shadow for the first time.
    return found.length > 0 ? found : this.#db.execute(prepared.listChatsShadowed, values);
  }
}
