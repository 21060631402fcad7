import type { HeldChat, OutboxItem, Person, Position, Step } from './held.js';
import type { Share } from './sharing.js';
import type { Message, ShortUser } from './wire.js';

/** A chat with where its messages begin in the store: 0, at the first one. */
export interface StoredChat {
  readonly chat: HeldChat;
  readonly floor: number;
}

/** Everything that is kept of a user but the messages. */
export interface Stored {
  readonly position: Position;
  readonly chats: readonly StoredChat[];
  readonly people: readonly Person[];
  readonly blocked: readonly ShortUser[];
  readonly outbox: readonly OutboxItem[];
}

/** Messages from before another one, the oldest first. */
export interface StoredPage {
  /** Nothing is missing from here on. */
  readonly floor: number;
  readonly messages: readonly Message[];
}

/** Where the copy of one account outlives the page. Nothing of another account ever is in it. */
export interface AccountStore {
  /** undefined: nothing has been kept yet. */
  load(): Promise<Stored | undefined>;
  /** Up to `limit` messages right before the one with the id `below`. */
  older(chatId: number, below: number, limit: number): Promise<StoredPage>;
  /**
   * All of the steps in their order, or none of them: a position is never ahead of what it stands for. Whatever is asked
   * for later, here or by another page, comes after it.
   */
  write(steps: readonly Step[]): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
  /** Nothing is asked of it any more. */
  close(): void;
}

/** Opens the stores of accounts. */
export interface Store {
  (account: string): AccountStore | Promise<AccountStore>;
  /** For a store that several tabs have: one of them writes to it. */
  readonly share?: Share | undefined;
}
