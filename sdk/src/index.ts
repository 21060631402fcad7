/**
 * The client, with a store in memory.
 * @module messenger-client
 */
import { MessengerClient, type ClientOptions } from './messenger-client.js';
import { TIMING } from './timing.js';

/** A client of the server, for one user. It begins to connect at once. */
export function createClient(options: ClientOptions): MessengerClient {
  return new MessengerClient(options, TIMING);
}

export type { ChatHandle } from './chat-handle.js';
export { newClientId } from './client-id.js';
export type { ConnectionState, ConnectionStatus } from './connector.js';
export type { HeldChat, OutboxItem, OwnStates, Person, Position, Step } from './held.js';
export { memoryStore } from './memory-store.js';
export type { ClientOptions, MessengerClient } from './messenger-client.js';
export { MessengerError } from './messenger-error.js';
export type { AccountStore, Store, Stored, StoredChat, StoredPage } from './store.js';
export type { GetToken, TokenReason } from './token-source.js';
export { createGroup, openPrivate } from './open-chat.js';
export type { View } from './view.js';
export type { ChatLists, ShownChat, Unread } from './views/chat-list.js';
export type { MessageList, MessageWindow } from './views/message-window.js';
export type { People } from './views/people.js';
export type { Presence } from './views/presence-watch.js';
export type { ShownMessage } from './views/shown-message.js';
export type {
  ChangeChatSettings,
  ChangeMe,
  FolderList,
  Message,
  Mute,
  Profile,
  Reminder,
  ScheduledMessage,
  ThreadState,
  Vote,
  EditOptions,
  SendOptions,
  ShortUser,
  User,
  UserPresence,
} from './wire.js';
