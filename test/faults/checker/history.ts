import type { Entry } from '../../client/journal.js';
import type { HeldChat } from '../../client/replica.js';
import type { Span } from '../spans.js';

/** That the server said of a send: it is kept. */
export interface Acknowledgement {
  readonly messageId: number;
  readonly deduplicated: boolean;
  /** Its number at that time; undefined: it was not said. */
  readonly pts: number | undefined;
}

/** A message that somebody sent, with every answer to every try. */
export interface Send {
  /** With which its text begins. */
  readonly mark: string;
  /** Under which its client sent it. */
  readonly clientId: string;
  readonly authorId: number;
  readonly chatId: number;
  /** undefined: it is a copy of another message. */
  readonly contents: string | undefined;
  readonly acknowledgements: readonly Acknowledgement[];
  /** How often it was asked for, answered or not. */
  readonly tries: number;
  /** The answers that said no. */
  readonly refusals: readonly Refusal[];
  /** With which code its client ever showed it as failed. */
  readonly failedWith: string | undefined;
  /** Its author deleted it before it was ever tried. */
  readonly isWithdrawn: boolean;
}

export interface Refusal {
  readonly status: number;
  /** When the request was begun that was answered so. */
  readonly askedAt: number;
}

/** A try to change a message. */
export interface Edit {
  readonly messageId: number;
  readonly contents: string;
  /** With which number the server said that it is done; undefined: it did not say so. */
  readonly acknowledgedPts: number | undefined;
  /** The status of an answer that said no. */
  readonly refusal: number | undefined;
  /** With which code its client ever showed it as failed. */
  readonly failedWith: string | undefined;
}

/** A try to delete a message. */
export interface Deletion {
  readonly messageId: number;
  readonly isAcknowledged: boolean;
  readonly refusal: number | undefined;
  /** With which code its client ever showed it as failed. */
  readonly failedWith: string | undefined;
}

/** A try to move one of a user's marks on. */
export interface Reading {
  /** What they have read, or what their devices have. */
  readonly mark: 'read' | 'delivered';
  readonly userId: number;
  readonly chatId: number;
  /** How far the server said that the mark is; undefined: it did not say. */
  readonly acknowledgedId: number | undefined;
}

/** A try to change what a chat is to a user. */
export interface Setting {
  readonly userId: number;
  readonly chatId: number;
  /** No two settings have the same. */
  readonly mutedUntil: string;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly begunAt: number;
  /** When the last try was answered. */
  readonly answeredAt: number | undefined;
  readonly isAcknowledged: boolean;
}

/** A try to react to a message. Nobody takes one back. */
export interface Reaction {
  readonly userId: number;
  readonly messageId: number;
  readonly emoji: string;
  readonly isAcknowledged: boolean;
}

/** When something was tried, and whether the server said that it is done. */
export interface Try {
  readonly begunAt: number;
  /** When the last try was answered; undefined: none was. */
  readonly answeredAt: number | undefined;
  readonly isAcknowledged: boolean;
}

/** A try to pin a message, or to take that back. */
export interface Pin extends Try {
  readonly messageId: number;
  readonly pinned: boolean;
}

/** A try to vote. */
export interface Vote extends Try {
  readonly userId: number;
  readonly messageId: number;
  /** In ascending order. */
  readonly optionIds: readonly number[];
}

/** A try to add an option to a poll, or to close it. */
export interface PollChange extends Try {
  readonly messageId: number;
  /** Of the option; undefined: the poll is to be closed. */
  readonly text: string | undefined;
}

/** A thread whose first message is gone, or a message that is in a thread itself. */
export const NO_THREAD = ['THREAD_DOES_NOT_EXIST', 'THREAD_IN_THREAD'];

/** A message that is to be sent later. */
export interface Scheduled extends Try {
  readonly mark: string;
  readonly authorId: number;
  readonly chatId: number;
  readonly contents: string;
  /** The message in whose thread it is to be; undefined: in none. */
  readonly threadId?: number | undefined;
  /** Whether somebody asked for it to be cancelled, and whether that was acknowledged. */
  readonly cancel: 'no' | 'asked' | 'acknowledged';
}

/** A try to keep somebody from writing in a group. None is made twice. */
export interface Sanction extends Try {
  readonly kind: 'restriction' | 'ban';
  readonly userId: number;
  readonly chatId: number;
  /** That it is lifted again, once it was acknowledged. */
  readonly lifting: Try | undefined;
}

/** That something was put where only its user sees it, and whence nobody takes it. */
export interface Deposit extends Try {
  readonly userId: number;
  readonly what: 'report' | 'folder';
  /** The message that is reported, or the chat that is in the folder. */
  readonly targetId: number;
}

/** The messages of chats, as a new client gets them. */
type FreshChats = ReadonlyMap<number, HeldChat['messages']>;

export interface DeviceHistory {
  readonly name: string;
  readonly userId: number;
  readonly entries: readonly Entry[];
  /** When it did not read. */
  readonly frozen: readonly Span[];
  /** What should not have come. */
  readonly surprises: readonly string[];
  /** What it has at the end. */
  readonly chats: ReadonlyMap<number, HeldChat>;
  /** How far it has the user's own log at the end. */
  readonly mePts: number;
}

/** Everything that was done, and everything that the devices lived through. */
export interface History {
  readonly sends: readonly Send[];
  readonly edits: readonly Edit[];
  readonly deletions: readonly Deletion[];
  readonly readings: readonly Reading[];
  readonly settings: readonly Setting[];
  readonly reactions: readonly Reaction[];
  readonly pins: readonly Pin[];
  readonly votes: readonly Vote[];
  readonly pollChanges: readonly PollChange[];
  readonly scheduled: readonly Scheduled[];
  readonly sanctions: readonly Sanction[];
  readonly deposits: readonly Deposit[];
  /** The chats in which messages disappear. */
  readonly fleeting: ReadonlySet<number>;
  /** Answers that should not have been given. */
  readonly surprises: readonly string[];
  readonly devices: readonly DeviceHistory[];
  /** What a new client of each user gets at the end. */
  readonly fresh: ReadonlyMap<number, FreshChats>;
  /** When each node was stopped in its tracks. */
  readonly frozenNodes: readonly (readonly Span[])[];
  readonly databaseDown: readonly Span[];
  readonly endedAt: number;
}

/** Every message begins with a mark of its own, so that it is known even where the server has lost its client_id. */
export function contentsOf(mark: string, text: string): string {
  return `${mark} ${text}`;
}

export function markOf(contents: string): string {
  return contents.slice(0, contents.indexOf(' '));
}
