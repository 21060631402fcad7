import { EncodedEvent, chatAdvanced } from '../protocol/event.js';
import { EventSequence } from './event-sequence.js';
import { FrameBatch } from './frame-batch.js';
import type { UserChannel } from './user-channel.js';
import type { WriteBatcher } from './write-batcher.js';

/**
 * A chat, and those on this node who take part in it. Its durable events come out in the order of their pts, none twice,
 * and each of them goes to exactly the users who took part at that pts.
 */
export class ChatChannel {
  /** They get its events. */
  readonly members = new Set<UserChannel>();
  /** They will, once the database has said that they take part. A user who is removed meanwhile is taken out. */
  readonly joining = new Set<UserChannel>();
  /** Members by an event of the chat itself, who may not have been told that it is theirs. */
  readonly untold = new Set<UserChannel>();
  /** Where the database has said that it stands: what it said earlier of who takes part is of no use. */
  jumpedTo = 0;
  /** What the database was ahead by, when it was last compared. */
  suspectPts: number | undefined;
  /** Settles when everything that is published comes. */
  subscribed: Promise<void> = Promise.resolve();
  readonly #log = new EventSequence(this);
  #due: EncodedEvent[] = [];

  constructor(
    readonly id: number,
    private readonly writes: WriteBatcher,
    private readonly users: ReadonlyMap<number, UserChannel>,
    private readonly callbacks: {
      /** Events have been missing for too long. */
      readonly onGap: (chat: ChatChannel) => void;
      /** Nobody is left. */
      readonly onEmpty: (chat: ChatChannel) => void;
    },
  ) {}

  /** That of the last event that came out; undefined until the database has said where the chat stands. */
  get pts(): number | undefined {
    return this.#log.position;
  }

  receive(encoded: EncodedEvent): void {
    const { pts, removed = [], exceptUserId } = encoded.head;
    if (pts === undefined) {
      this.#ephemeral(encoded, exceptUserId);
      return;
    }
    for (const userId of removed) {
      const user = this.users.get(userId);
      if (user && this.joining.has(user)) this.remove(user);
    }
    this.#log.receive(pts, encoded);
  }

  /** The chat stands at least there, and everyone in it has been found to take part then or later. */
  jumpTo(pts: number): void {
    this.#stand(pts);
    this.#log.drain();
  }

  /** The same of one whose events have been lost: everyone in it gets a hint, before the next event. */
  advanceTo(pts: number): void {
    this.flush();
    this.#stand(pts);
    this.#push(EncodedEvent.of(chatAdvanced(this.id, this.pts ?? 0)));
    this.untold.clear();
    this.#log.drain();
  }

  /** The user may be in it: the database has not said yet. */
  expect(user: UserChannel): void {
    if (this.members.has(user)) return;
    this.joining.add(user);
    user.chats.add(this);
  }

  admit(user: UserChannel): void {
    this.joining.delete(user);
    if (this.members.has(user)) return;
    // Events that are due go to the users who took part then.
    this.flush();
    this.members.add(user);
    user.chats.add(this);
  }

  remove(user: UserChannel): void {
    // The events that are due now are the last that these users get.
    if (this.members.has(user)) this.flush();
    this.members.delete(user);
    this.joining.delete(user);
    this.untold.delete(user);
    user.chats.delete(this);
    if (this.members.size === 0 && this.joining.size === 0) this.callbacks.onEmpty(this);
  }

  flush(): void {
    if (this.#due.length === 0) return;
    const due = this.#due;
    // Before anybody gets it: a client that is closed for not reading may flush again.
    this.#due = [];
    const batch = new FrameBatch(due);
    const owners = new Set(due.flatMap(({ head }) => head.onlyForId ?? []));
    const forOthers = owners.size === 0 ? batch : this.#batchFor(due, undefined);
    for (const user of this.members) {
      user.deliver(owners.has(user.id) ? this.#batchFor(due, user.id) : forOthers, this.id);
    }
    if (this.members.size > 0) this.writes.measure(batch.events);
  }

  /** What is due, to somebody who gets hints in place of events that are for somebody else alone. */
  #batchFor(due: readonly EncodedEvent[], userId: number | undefined): FrameBatch {
    const events = due.map((event) => {
      const { onlyForId, pts = 0 } = event.head;
      return onlyForId === undefined || onlyForId === userId ? event : EncodedEvent.of(chatAdvanced(this.id, pts));
    });
    return new FrameBatch(events);
  }

  close(): void {
    this.#log.close();
  }

  #stand(pts: number): void {
    this.#log.standAt(pts);
    this.jumpedTo = Math.max(pts, this.jumpedTo);
  }

  reportGap(): void {
    this.callbacks.onGap(this);
  }

  /** The next durable event has come. */
  apply(encoded: EncodedEvent): void {
    const { added = [], removed = [] } = encoded.head;
    this.#push(encoded);
    for (const userId of removed) {
      const user = this.users.get(userId);
      if (user) this.remove(user);
    }
    for (const userId of added) {
      const user = this.users.get(userId);
      if (!user || this.members.has(user)) continue;
      this.admit(user);
      this.untold.add(user);
    }
  }

  #push(event: EncodedEvent): void {
    this.#due.push(event);
    this.writes.add(this);
  }

  #ephemeral(encoded: EncodedEvent, exceptUserId: number | undefined): void {
    // Only after the events before it.
    this.flush();
    const leaving = new Set([...this.#log.held()].flatMap(({ head }) => head.removed ?? []));
    const batch = new FrameBatch([encoded]);
    for (const user of this.members)
      if (user.id !== exceptUserId && !leaving.has(user.id)) user.deliver(batch, this.id);
  }
}
