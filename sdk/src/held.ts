import type {
  Chat,
  ChangeChatSettings,
  FolderList,
  Message,
  Mute,
  Profile,
  Reminder,
  ScheduledMessage,
  ThreadState,
  EditOptions,
  SendOptions,
  SentMessage,
  ShortUser,
  User,
  Vote,
} from './wire.js';

/** A chat as the client keeps it. */
export interface HeldChat extends Chat {
  /** Who takes part, by id; undefined: nobody has asked yet. */
  readonly participants?: readonly number[] | undefined;
  /** How far others have read, by user. */
  readonly read_marks: Readonly<Record<string, number>>;
  /** The number of unread messages has to be asked for: one was deleted that is not held. */
  readonly isUnreadUnsure?: boolean;
}

/** A profile. Somebody who was only named along the way has no bio yet. */
export type Person = ShortUser & Partial<Profile>;

/** What is the user's own beside their chats. */
export interface OwnStates {
  readonly folders?: FolderList;
  /** Reminders by the ids of their messages; those that have ended included. */
  readonly [messageId: number]: Reminder;
  /** Scheduled messages by their ids; those that are sent or cancelled included. */
  readonly [scheduled: `scheduled:${number}`]: ScheduledMessage;
  /** What threads are to the user, by `thread:` and the ids of their messages. */
  readonly [thread: `thread:${number}`]: ThreadState;
  /** How the user has voted in polls, by `vote:` and the ids of their messages. */
  readonly [vote: `vote:${number}`]: Vote;
  /** Whom the user has muted, by `mute:` and their ids; mutes that were taken back, or have ended, included. */
  readonly [mute: `mute:${number}`]: Mute;
}

/** How far the client has come, and who its user is. */
export interface Position {
  readonly userId: number;
  readonly epoch: string | null;
  readonly mePts: number;
  readonly peoplePts: number;
  readonly me: User | undefined;
  /** undefined: nobody has asked yet, such as a version of the client before this one. */
  readonly own?: OwnStates | undefined;
}

interface Waiting {
  /** The client's own name for it; of a send, an edit and a deletion also its `client_id`. */
  readonly key: string;
  readonly chatId: number;
  /** The order in which things were done. */
  readonly order: number;
  readonly state: 'pending' | 'failed';
  /** Whether the server may have it. */
  readonly tried: boolean;
  /** Of the refusal, when it has failed. */
  readonly error?: string | undefined;
  /** Set once the server has it, until the copy of the chat has come that far. */
  readonly answer?: { readonly pts?: number; readonly message?: SentMessage } | undefined;
}

export interface WaitingSend extends Waiting {
  readonly kind: 'send';
  readonly contents: string;
  readonly given?: SendOptions | undefined;
  readonly createdAt: string;
}

interface WaitingForMessage extends Waiting {
  /** undefined until the send that it is about is answered. */
  readonly messageId: number | undefined;
  /** The key of that send. */
  readonly sendKey?: string | undefined;
  /** Which version of the message it changes. */
  readonly version?: number | undefined;
}

export interface WaitingEdit extends WaitingForMessage {
  readonly kind: 'edit';
  readonly contents: string;
  readonly given?: EditOptions | undefined;
}

export interface WaitingDeletion extends WaitingForMessage {
  readonly kind: 'delete';
}

export interface WaitingRead extends Waiting {
  readonly kind: 'read';
  readonly messageId: number;
}

export interface WaitingSettings extends Waiting {
  readonly kind: 'settings';
  readonly settings: ChangeChatSettings;
}

/** Something that the user did, and that the server may not know yet. */
export type OutboxItem = WaitingSend | WaitingEdit | WaitingDeletion | WaitingRead | WaitingSettings;

/**
 * A step by which what a client keeps becomes something else. What happened is told by steps to the copy in memory, to the
 * store, and to other tabs; so all have the same.
 *
 * A chat's messages are held from `floor` on, with nothing left out; 0: from the first one.
 */
export type Step =
  /** Another epoch: everything is forgotten but what waits in the outbox. */
  | { readonly type: 'reset' }
  | { readonly type: 'position'; readonly position: Position }
  | { readonly type: 'chat'; readonly chat: HeldChat }
  | { readonly type: 'forget'; readonly chatId: number }
  /** The chat's messages are these, and no others. */
  | { readonly type: 'range'; readonly chatId: number; readonly floor: number; readonly messages: readonly Message[] }
  /** Messages from `floor` up to `below`; they are taken only when there is no gap between them and what is held. */
  | {
      readonly type: 'page';
      readonly chatId: number;
      readonly below: number;
      readonly floor: number;
      readonly messages: readonly Message[];
    }
  /** A message as it is now. One from before the floor is not taken. */
  | { readonly type: 'message'; readonly chatId: number; readonly message: Message }
  | { readonly type: 'message.gone'; readonly chatId: number; readonly id: number }
  | { readonly type: 'person'; readonly person: Person }
  | { readonly type: 'people.reset' }
  | { readonly type: 'block'; readonly user: ShortUser; readonly blocked: boolean }
  | { readonly type: 'blocks.reset' }
  | { readonly type: 'wait'; readonly item: OutboxItem }
  | { readonly type: 'settle'; readonly key: string };
