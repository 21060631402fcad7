import { LRUCache } from 'lru-cache';
import type { Database } from './client.js';
import { KeptPages, type KeptPage } from './kept-pages.js';
import type { MessageProjection, MessagePageRow, MessageRow, PagedThreads } from './statements/messages.js';
import type { PreparedStatements } from './statements/prepare.js';
import type { PersonRow } from './statements/users.js';

/** So many are remembered. */
const MAX_UNUSUAL_CHATS = 100_000;

/** Which messages of a chat. */
export interface WantedPage {
  /** Exclusive, a message id; undefined begins at the end that the order names first. */
  readonly cursor: number | undefined;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly threads: PagedThreads;
}

/** Messages of a chat in the order that was asked for, and their authors in any order. */
export interface MessagePage {
  readonly messages: readonly MessageRow[];
  readonly authors: readonly PersonRow[];
  /** The last message that was looked at, where there may be more after it although the page has room; null: there are none. */
  readonly seenTo: number | null;
}

/** Reads pages of messages: each is one statement, by what pages of the chat were like before. */
export class MessagePages {
  readonly #db: Pick<Database, 'execute' | 'inTurn'>;
  readonly #statements: PreparedStatements;
  readonly #projection: MessageProjection;
  /** Chats of which a page was not plain: the next one is asked for as a whole. */
  readonly #unusualChats = new LRUCache<number, true>({ max: MAX_UNUSUAL_CHATS });
  readonly #kept = new KeptPages<MessageRow>();

  constructor(db: Pick<Database, 'execute' | 'inTurn'>, statements: PreparedStatements, projection: MessageProjection) {
    this.#db = db;
    this.#statements = statements;
    this.#projection = projection;
  }

  /** @returns undefined: there is no such user; null: they are in no such chat. */
  async read(userId: number, chatId: number, page: WantedPage): Promise<MessagePage | null | undefined> {
    const { cursor, limit, order, threads } = page;
    const name = `${chatId} ${order} ${threads} ${cursor} ${limit}`;
    const kept = this.#kept.find(name);
    const rows = await this.#db.inTurn(userId, () => this.#find(userId, chatId, page, kept));
    if (rows.length === 0) return undefined;
    const { authors, together } = rows.find((row) => row.authors !== null) ?? {};
    if (!authors) return null;
    const settled = new Map<number, MessageRow>();
    const messages: MessageRow[] = [];
    for (const { message, isSettled } of rows) {
      if (!message) continue;
      if (isSettled && this.#projection.isComplete(message)) settled.set(message.version, message);
      else messages.push(message);
    }
    for (const pts of together?.kept ?? []) {
      const message = kept.rows.get(pts);
      if (message) settled.set(pts, message);
    }
    // What this page has of its own is put into a copy, which has all fields already (docs/adr/0039).
    for (const message of settled.values()) messages.push({ ...message });
    messages.sort((one, other) => (order === 'asc' ? one.id - other.id : other.id - one.id));
    if (together) {
      this.#kept.keep(name, settled, kept);
      this.#projection.completePage(messages, together.fields, userId);
    }
    return { messages, authors, seenTo: rows[0]?.seenTo ?? null };
  }

  async #find(
    userId: number,
    chatId: number,
    { cursor, limit, order, threads }: WantedPage,
    kept: KeptPage<MessageRow>,
  ): Promise<MessagePageRow[]> {
    const prepared = this.#statements;
    const values = [userId, chatId, cursor ?? null, limit];
    if (threads === 'included' && !this.#unusualChats.has(chatId)) {
      const plain = { asc: prepared.plainMessagesAscending, desc: prepared.plainMessagesDescending };
      const found = await this.#db.execute(plain[order], values);
      if (!found.some(({ isUnusual }) => isUnusual)) return found;
      this.#unusualChats.set(chatId, true);
    }
    // Roots of threads are not plain.
    const whole = {
      included: { asc: prepared.messagesAscending, desc: prepared.messagesDescending },
      apart: { asc: prepared.messagesAscendingApart, desc: prepared.messagesDescendingApart },
    };
    return this.#db.execute(whole[threads][order], [...values, kept.numbers]);
  }
}
