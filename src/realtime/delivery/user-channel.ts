import { RESYNC, EncodedEvent, ownLogAdvanced } from '../protocol/event.js';
import { EventSequence } from './event-sequence.js';
import { FrameBatch } from './frame-batch.js';

/** A connection of a user. */
export interface Listener {
  readonly userId: number;
  /** The chats that its token is narrowed to: it hears of nothing else. undefined: to none in particular. */
  readonly chats: ReadonlySet<number> | undefined;
  deliver(batch: FrameBatch): void;
}

/** A chat that a user listens to. */
interface ChatOfUser {
  remove(user: UserChannel): void;
}

/** A user who has connections to this node. What is theirs alone comes out in the order of its numbers. */
export class UserChannel {
  readonly listeners = new Set<Listener>();
  /** Chats that the user is in, and chats that are being looked up. */
  readonly chats = new Set<ChatOfUser>();
  /** How many connections are being made. */
  attaching = 0;
  /** Settles when the node listens to all chats of the user. */
  ready: Promise<void> = Promise.resolve();
  /** What the database was ahead by, when it was last compared. */
  suspectMePts: number | undefined;
  /** Chats that the user has not been told of, and changes of whose own state they have been told of. */
  readonly #toldAhead = new Set<number>();
  readonly #ownLog = new EventSequence(this);

  constructor(
    readonly id: number,
    private readonly callbacks: {
      /** Changes of the user's own log have been missing for too long. */
      readonly onGap: (user: UserChannel) => void;
      /** Whether the user has been told of the chat. */
      readonly hasWelcomed: (userId: number, chatId: number) => boolean;
    },
  ) {}

  /** Where the user's own log stands; undefined until the database has said so. */
  get mePts(): number | undefined {
    return this.#ownLog.position;
  }

  /** @param chatId the chat that the events are of. */
  deliver(batch: FrameBatch, chatId: number): void {
    for (const listener of this.listeners) {
      if (listener.chats === undefined || listener.chats.has(chatId)) listener.deliver(batch);
    }
  }

  /**
   * Tells the user of a chat that is new to them. What the event says of their own state may be older than changes of it
   * that they have been told of, and had no chat for: then they get a hint, and the sync brings all of it.
   */
  welcome(event: EncodedEvent, hint: EncodedEvent): void {
    const { chatId = 0 } = event.head;
    this.tell(this.#toldAhead.delete(chatId) ? hint : event);
  }

  tell(event: EncodedEvent): void {
    this.#tellWhere(event, (chats) => isWithin(event, chats));
  }

  /** @param sharesOneOf whether the user shares one of some chats with the person whom the event is about. */
  tellOfPerson(event: EncodedEvent, sharesOneOf: (chats: ReadonlySet<number>) => boolean): void {
    this.#tellWhere(event, sharesOneOf);
  }

  #tellWhere(event: EncodedEvent, isFor: (chats: ReadonlySet<number>) => boolean): void {
    const batch = new FrameBatch([event]);
    for (const listener of this.listeners) {
      if (listener.chats === undefined || isFor(listener.chats)) listener.deliver(batch);
    }
  }

  resync(): void {
    this.tell(RESYNC);
  }

  /** The next change of the user's own log has come. */
  apply(event: EncodedEvent): void {
    const { chatId } = event.head;
    if (chatId !== undefined && !this.callbacks.hasWelcomed(this.id, chatId)) this.#toldAhead.add(chatId);
    this.tell(event);
  }

  reportGap(): void {
    this.callbacks.onGap(this);
  }

  receiveOwn(mePts: number, event: EncodedEvent): void {
    this.#ownLog.receive(mePts, event);
  }

  /** The log stands at least there, as the database said before the first connection. */
  standAt(mePts: number): void {
    this.#ownLog.standAt(mePts);
    this.#ownLog.drain();
  }

  /** The same of a log whose events have been lost: all devices get a hint, before the next event. */
  advanceTo(mePts: number): void {
    if (this.mePts === undefined || this.mePts >= mePts) return;
    this.#ownLog.standAt(mePts);
    this.tell(EncodedEvent.of(ownLogAdvanced(mePts)));
    this.#ownLog.drain();
  }

  close(): void {
    this.#ownLog.close();
  }
}

/** What is of no chat, such as the own log, is not for those who are narrowed to some; but that something may be lost is. */
function isWithin({ head: { chatId, mePts, role } }: EncodedEvent, chats: ReadonlySet<number>): boolean {
  if (role === 'resync') return true;
  return mePts === undefined && chatId !== undefined && chats.has(chatId);
}
