/** What an event is to a client that keeps a replica of a log, beside its numbers. */
type EventRole =
  /** Says only how far the log has come: a client that is behind syncs. */
  | 'hint'
  /** Brings a chat that is new to the user. */
  | 'welcome'
  /** Events may have been lost: the client syncs everything. */
  | 'resync';

/** Something that happened in a chat, for its participants. */
export interface ChatEvent {
  readonly type: string;
  readonly chatId: number;
  /** The number of the durable change; not there: the event is for connected clients only. */
  readonly pts?: number;
  readonly data?: unknown;
  readonly role?: EventRole;
  /** From this change on these users take part. */
  readonly added?: readonly number[];
  /** This change is the last that these users hear of. */
  readonly removed?: readonly number[];
  /** Who needs not be told, because it is they who did it. */
  readonly exceptUserId?: number;
  /** Who alone gets it, of a durable change: the others get a hint in its place. */
  readonly onlyForId?: number;
}

/** A change of what is one user's alone, for all of their devices. */
export interface OwnEvent {
  readonly type: string;
  /** Its number in the user's own log. */
  readonly mePts: number;
  /** The chat whose state for the user it is; not there: it is about no chat. */
  readonly chatId?: number;
  readonly data?: unknown;
  readonly role?: EventRole;
}

/** A change of what others see of a user, for those who share a chat with them. */
export interface PeopleEvent {
  readonly type: string;
  /** Its number among the changes of all users. */
  readonly peoplePts: number;
  readonly data: unknown;
}

/** A hint that the chat has come that far. */
export function chatAdvanced(chatId: number, pts: number): ChatEvent {
  return { type: 'chat.advanced', chatId, pts, role: 'hint' };
}

/** A hint that the user's own log has come that far. */
export function ownLogAdvanced(mePts: number): OwnEvent {
  return { type: 'me.advanced', mePts, role: 'hint' };
}

/** What services tell once a change is committed. Neither waits nor fails: what gets lost is healed. */
export interface Publisher {
  /** To everyone who takes part in the chat. */
  publish(event: ChatEvent): void;
  /** To users, wherever they are; one with a pts is about a chat that is new to them. */
  publishToUsers(userIds: readonly number[], event: ChatEvent): void;
  /** To all devices of the user. */
  publishOwn(userId: number, event: OwnEvent): void;
}

/** What a node and a stream must know of an event: they never look into its frame. */
interface EventHead extends Partial<
  Omit<ChatEvent, 'type' | 'data'> & Pick<OwnEvent, 'mePts'> & Pick<PeopleEvent, 'peoplePts'>
> {
  /** When the change was committed, in ms since 1970, by the clock of the node that did it. */
  readonly committedAt?: number;
  /** Whether this user may know of the presence of the one whose channel it is has changed. */
  readonly watcherId?: number | 'all';
}

/** An event on its way: encoded once, however many it reaches. */
export class EncodedEvent {
  readonly #encode: () => string;
  #text: string | undefined;
  #wire: string | undefined;

  private constructor(
    readonly head: EventHead,
    encode: () => string,
  ) {
    this.#encode = encode;
  }

  /** @param committed the time of the commit, when it is to be measured how long the event takes from then. */
  static of(
    { type, data, ...head }: ChatEvent | OwnEvent | PeopleEvent,
    committed: Pick<EventHead, 'committedAt'> = {},
  ): EncodedEvent {
    return new EncodedEvent({ ...head, ...committed }, () => JSON.stringify({ type, ...numbersOf(head), data }));
  }

  /** A frame of the protocol itself, which is about no log. */
  static ofFrame(frame: object, head: EventHead = {}): EncodedEvent {
    return new EncodedEvent(head, () => JSON.stringify(frame));
  }

  /** Says that something has changed, and no more: the receiver looks it up. */
  static signal(head: EventHead = {}): EncodedEvent {
    return new EncodedEvent(head, () => '');
  }

  /** The frame, as clients get it. */
  get text(): string {
    this.#text ??= this.#encode();
    return this.#text;
  }

  /** What a node must know of it stands before the frame, so that none needs to decode that. */
  toWire(): string {
    this.#wire ??= `${JSON.stringify(this.head)}\n${this.text}`;
    return this.#wire;
  }

  static fromWire(wire: string): EncodedEvent {
    const end = wire.indexOf('\n');
    const head = JSON.parse(wire.slice(0, end)) as EventHead;
    return new EncodedEvent(head, () => wire.slice(end + 1));
  }
}

/** As clients get them. What they get of a user has its number as the version. */
function numbersOf(head: EventHead): object {
  if (head.peoplePts !== undefined) return {};
  return head.mePts === undefined ? { chat_id: head.chatId, pts: head.pts } : { me_pts: head.mePts };
}

export const RESYNC = EncodedEvent.ofFrame({ type: 'resync' }, { role: 'resync' });
