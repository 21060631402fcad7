import type { OwnState } from '../../client/protocol.js';

export interface DatabaseMessage {
  readonly id: number;
  readonly authorId: number;
  readonly clientId: string | null;
  readonly contents: string;
  readonly pts: number;
  readonly createdAt: number;
  /** When the change that made it what it is was committed. */
  readonly committedAt: number;
  /** It is a copy of another message, and says what that one said. */
  readonly isCopy?: boolean;
  /** The message in whose thread it is; undefined: in none. */
  readonly threadId?: number | undefined;
  readonly poll?: DatabasePoll | undefined;
  /** Whether it says that it is pinned. */
  readonly isPinned?: boolean;
  /** When it disappears; undefined: it stays. */
  readonly expiresAt?: number | undefined;
}

export interface DatabasePoll {
  readonly options: readonly { readonly id: number; readonly text: string; readonly votes?: number }[];
  readonly closed_at?: string;
}

/** A change of a chat that is not the state of a message. */
export type DatabaseEvent = { readonly pts: number; readonly committedAt: number } & (
  | { readonly kind: 'message.deleted'; readonly messageId: number; readonly clientId: string | null }
  | { readonly kind: 'participant.added'; readonly userIds: readonly number[] }
  | { readonly kind: 'participant.removed'; readonly userId: number }
  | { readonly kind: 'other'; readonly type: string }
);

export interface DatabaseChat {
  readonly id: number;
  readonly name: string | null;
  readonly lastPts: number;
  readonly participants: readonly number[];
  /** In the order of their ids. */
  readonly messages: readonly DatabaseMessage[];
  /** In the order of their pts. */
  readonly events: readonly DatabaseEvent[];
}

/** What a chat is to one of its people alone. */
export interface DatabaseOwnState {
  readonly chatId: number;
  /** The number of its last change in the user's own log; 0: it has never changed. */
  readonly pts: number;
  readonly committedAt: number;
  readonly own: OwnState;
  /** Which messages their devices have. */
  readonly deliveredId?: number | null;
}

export interface DatabaseOwnLog {
  readonly mePts: number;
  /** In the order of their pts. */
  readonly states: readonly DatabaseOwnState[];
}

interface OfChat {
  readonly userId: number;
  readonly chatId: number;
}

/** What people have done beside writing. */
export interface DatabaseDeeds {
  readonly reactions: readonly { readonly userId: number; readonly messageId: number; readonly emoji: string }[];
  /** The messages that are pinned. */
  readonly pins: ReadonlySet<number>;
  readonly ballots: readonly {
    readonly userId: number;
    readonly messageId: number;
    readonly optionIds: readonly number[];
  }[];
  readonly scheduled: readonly {
    readonly clientId: string;
    readonly state: string;
    readonly reason: string | null;
    readonly sendAt: number;
  }[];
  /** Who may only read, and where. */
  readonly readers: readonly OfChat[];
  readonly reports: readonly { readonly userId: number; readonly messageId: number }[];
  /** The chats in folders. */
  readonly filed: readonly OfChat[];
}

/** What is in the database: the truth with which everything else is compared. */
export interface DatabaseState extends DatabaseDeeds {
  readonly chats: readonly DatabaseChat[];
  /** By the ids of the users. */
  readonly ownLogs: ReadonlyMap<number, DatabaseOwnLog>;
}
