import type { DBSchema, IDBPDatabase } from 'idb';
import type { HeldChat, OutboxItem, Person, Position } from '../held.js';
import type { Message, ShortUser } from '../wire.js';

export interface Schema extends DBSchema {
  /** One record. */
  position: { key: 'position'; value: Position };
  chats: { key: number; value: HeldChat };
  /** Where the messages of each chat begin. */
  floors: { key: number; value: number };
  /** By chat and id. */
  messages: { key: [chatId: number, id: number]; value: Message };
  people: { key: number; value: Person };
  blocked: { key: number; value: ShortUser };
  outbox: { key: string; value: OutboxItem };
}

/** To be raised with each change of the records; `upgrade` then has a step for it. */
export const VERSION = 1;

export const TABLES = ['position', 'chats', 'floors', 'messages', 'people', 'blocked', 'outbox'] as const;

/** Brings a database of any earlier version to this one. */
export function upgrade(database: IDBPDatabase<Schema>, oldVersion: number): void {
  if (oldVersion < 1) for (const table of TABLES) database.createObjectStore(table);
}
