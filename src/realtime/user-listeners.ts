import type { Chunk } from './chunk.js';

/** A connection of a user. */
export interface Listener {
  readonly userId: number;
  deliver(chunk: Chunk): void;
}

/** A chat that a user listens to. */
interface ChatOfUser {
  remove(user: UserListeners): void;
}

/** A user who has connections to this node. */
export class UserListeners {
  readonly listeners = new Set<Listener>();
  /** Those that the user is in, and those that are being looked up. */
  readonly chats = new Set<ChatOfUser>();
  /** How many connections are being made. */
  attaching = 0;
  /** Settles when the node listens to all chats of the user. */
  ready: Promise<void> = Promise.resolve();

  constructor(readonly id: number) {}

  deliver(chunk: Chunk): void {
    for (const listener of this.listeners) listener.deliver(chunk);
  }
}
