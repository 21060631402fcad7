import type { Static, TSchema } from '@sinclair/typebox';
import type { OwnState, PersonRow } from '../database/index.js';

/** A change as its chat's log has it. */
export interface StoredChange<Stored> {
  readonly chatId: number;
  readonly pts: number;
  readonly actorId: number;
  readonly data: Stored;
  /** How many people take part in the chat now. */
  readonly participantCount: number;
}

/** Reads the users who exist, as others see them, by id. */
export type ReadPeople = (ids: readonly number[]) => Promise<ReadonlyMap<number, PersonRow>>;

/** Who takes part from a change on, and who does not any more. */
interface MembershipChange {
  readonly added?: readonly number[];
  readonly removed?: readonly number[];
}

interface Kind<Data extends TSchema> {
  readonly type: string;
  readonly description: string;
  /** What clients get, in the live event and in a sync alike. */
  readonly data: Data;
}

/** A change that is a row of its chat's log. */
export interface EventKind<Stored extends TSchema = TSchema, Data extends TSchema = TSchema> extends Kind<Data> {
  readonly keeps: 'event';
  readonly stored: Stored;
  /**
   * Whether it can forbid a send in flight, which then checks again: a removal and the deletion of a message can.
   * Most kinds can't.
   */
  readonly conflictsWithSends: boolean;
  /** Of a kind that can: whether this change does; each does unless it is given. */
  forbidsSends?(stored: Static<Stored>): boolean;
  /** How many times larger it may be as clients get it than it is stored; 1 unless it is given. A sync is bounded by it. */
  readonly growth?: number;
  /** Who alone gets it, as of a message that nobody else saw: others get its number. undefined: everybody gets it. */
  onlyFor?(stored: Static<Stored>): number | undefined;
  membership?(stored: Static<Stored>): MembershipChange;
  /**
   * Stored changes as clients get them, many at once. It may look up users, and nothing else: other data would be
   * newer than the change, perhaps of a time when the reader had left.
   */
  present(people: ReadPeople, changes: readonly StoredChange<Static<Stored>>[]): Promise<Static<Data>[]>;
}

/** A new state of a message, which carries the number itself: a sync brings the message as it is now, once. */
export interface MessageKind<Data extends TSchema = TSchema> extends Kind<Data> {
  readonly keeps: 'message';
}

/** A state that is one user's alone: a change of their own log, which a sync brings as it is now, once. */
export interface OwnKind<Data extends TSchema = TSchema> extends Kind<Data>, OwnState {
  readonly keeps: 'own state';
}

/** The first change of a chat. Its participants are told when it is opened; no sync has it. */
export interface CreationKind<Stored extends TSchema = TSchema, Data extends TSchema = TSchema> extends Kind<Data> {
  readonly keeps: 'creation';
  readonly stored: Stored;
}

/** One description of a kind of durable change: the documents, the sync, the live events and their checks come from it. */
export type ChangeKind = EventKind | MessageKind | OwnKind | CreationKind;

export type StoredOf<K extends { readonly stored: TSchema }> = Static<K['stored']>;

/** @returns the kind, with what it stores and gives known to the compiler. */
export function eventKind<Stored extends TSchema, Data extends TSchema>(
  kind: Omit<EventKind<Stored, Data>, 'keeps'>,
): EventKind<Stored, Data> {
  return { ...kind, keeps: 'event' };
}

export function messageKind<Data extends TSchema>(kind: Omit<MessageKind<Data>, 'keeps'>): MessageKind<Data> {
  return { ...kind, keeps: 'message' };
}

export function ownKind<Data extends TSchema>(kind: Omit<OwnKind<Data>, 'keeps'>): OwnKind<Data> {
  return { ...kind, keeps: 'own state' };
}

export function creationKind<Stored extends TSchema, Data extends TSchema>(
  kind: Omit<CreationKind<Stored, Data>, 'keeps'>,
): CreationKind<Stored, Data> {
  return { ...kind, keeps: 'creation' };
}
