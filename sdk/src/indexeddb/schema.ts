import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { HeldChat, OutboxItem, Person, Position } from '../held.js';
import type { Message, ShortUser } from '../wire.js';

export interface Schema extends DBSchema {
  /** One record. */
  position: { key: 'position'; value: Position };
  chats: { key: number; value: HeldChat };
  /** Where the messages of each chat begin. */
  floors: { key: number; value: number };
  /** By chat and id; and by what they answer. */
  messages: { key: [chatId: number, id: number]; value: Message; indexes: { replies: number } };
  people: { key: number; value: Person };
  blocked: { key: number; value: ShortUser };
  outbox: { key: string; value: OutboxItem };
}

/** To be raised with each change of the records; `upgrade` then has a step for it. */
export const VERSION = 2;

export const TABLES = ['position', 'chats', 'floors', 'messages', 'people', 'blocked', 'outbox'] as const;

/** Brings a database of any earlier version to this one. */
export function upgrade(
  database: IDBPDatabase<Schema>,
  oldVersion: number,
  _newVersion: number | null,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
): void {
  if (oldVersion < 1) for (const table of TABLES) database.createObjectStore(table);
  if (oldVersion < 2) transaction.objectStore('messages').createIndex('replies', 'reply_to.id');
}
