import { LRUCache } from 'lru-cache';
import type { Database } from './client.js';
import type { ChatListRow } from './statements/chats.js';
import type { PreparedStatements } from './statements/prepare.js';
import type { Reach } from './statements/reach.js';

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

/** The most recent first; of several that were active at the same instant the newest. */
function byActivity(one: ChatListRow, other: ChatListRow): number {
  if (one.last_activity_at === other.last_activity_at) return other.chat.id - one.chat.id;
  return one.last_activity_at < other.last_activity_at ? 1 : -1;
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
    const { before, limit, archived, pinned, within } = wanted;
    const values = [userId, before, limit, archived ?? null, pinned ?? null, ...(within ? [[...within]] : [])];
    const rows = await this.#db.inTurn(userId, async () => {
      const found = await this.#find(userId, values, within ? 'some' : 'all');
      if (found.length > 0) return found;
      const { listChatsShadowed, listSomeChatsShadowed } = this.#statements;
      return this.#db.execute(within ? listSomeChatsShadowed : listChatsShadowed, values);
    });
    return rows.length === 0 ? undefined : rows.filter((row) => row !== null).sort(byActivity);
  }

  /** No row: there is no such user, or they have ever been in the shadow. */
  async #find(userId: number, values: unknown[], reach: Reach): Promise<(ChatListRow | null)[]> {
    const { listPlainChats, listChats, listSomeChats } = this.#statements;
    if (reach === 'some') return this.#db.execute(listSomeChats, values);
    const wasUnusual = this.#unusual.has(userId);
    const found = await this.#db.execute(wasUnusual ? listChats : listPlainChats, values);
    if (found.some((row) => row?.isUnusual)) this.#unusual.set(userId, true);
    else if (found.length > 0) this.#unusual.delete(userId);
    return wasUnusual || !this.#unusual.has(userId) ? found : this.#db.execute(listChats, values);
  }
}
