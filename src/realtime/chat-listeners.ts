import { Chunk } from './chunk.js';
import { EncodedEvent, chatAdvanced } from './event.js';
import type { Flusher } from './flusher.js';
import type { UserListeners } from './user-listeners.js';

/** An event that overtakes another comes milliseconds before it; longer, and the other is lost. */
const GAP_MS = 300;

/** So many are kept aside while one before them is missing. */
const MAX_HELD = 1000;

/**
 * A chat, and those on this node who take part in it. Its durable events come out in the order of their pts, none twice,
 * and each of them goes to exactly those who took part at that pts.
 */
export class ChatListeners {
  /** They get its events. */
  readonly members = new Set<UserListeners>();
  /** They will, once the database has said that they take part. Whoever is removed meanwhile is taken out. */
  readonly joining = new Set<UserListeners>();
  /** Members by an event of the chat itself, who may not have been told that it is theirs. */
  readonly untold = new Set<UserListeners>();
  /** That of the last event that came out; undefined until the database has said where the chat stands. */
  pts: number | undefined;
  /** Where the database has said that it stands: what it said earlier of who takes part is of no use. */
  jumpedTo = 0;
  /** What the database was ahead by, when it was last compared. */
  suspectPts: number | undefined;
  /** Settles when everything that is published comes. */
  subscribed: Promise<void> = Promise.resolve();
  readonly #held = new Map<number, EncodedEvent>();
  #gap: NodeJS.Timeout | undefined;
  #texts: string[] = [];

  constructor(
    readonly id: number,
    private readonly flusher: Flusher,
    private readonly users: ReadonlyMap<number, UserListeners>,
    private readonly callbacks: {
      /** Events have been missing for gapMs. */
      readonly onGap: (chat: ChatListeners) => void;
      /** Nobody is left. */
      readonly onEmpty: (chat: ChatListeners) => void;
    },
  ) {}

  receive(encoded: EncodedEvent): void {
    const { pts, removed = [], exceptUserId } = encoded.event;
    if (pts === undefined) {
      this.#ephemeral(encoded, exceptUserId);
      return;
    }
    for (const userId of removed) {
      const user = this.users.get(userId);
      if (user && this.joining.has(user)) this.remove(user);
    }
    if (this.pts !== undefined && pts <= this.pts) return;
    this.#held.set(pts, encoded);
    this.#drain();
  }

  /** The chat stands at least there, and everyone in it has been found to take part then or later. */
  jumpTo(pts: number): void {
    this.#stand(pts);
    this.#drain();
  }

  /** The same of one whose events have been lost: everyone in it gets a hint, before whatever comes next. */
  advanceTo(pts: number): void {
    this.flush();
    this.#stand(pts);
    this.#push(EncodedEvent.of(chatAdvanced(this.id, this.pts ?? 0)).text);
    this.untold.clear();
    this.#drain();
  }

  /** The user may be in it: the database has not said yet. */
  expect(user: UserListeners): void {
    if (this.members.has(user)) return;
    this.joining.add(user);
    user.chats.add(this);
  }

  admit(user: UserListeners): void {
    this.joining.delete(user);
    if (this.members.has(user)) return;
    // What is due goes to those who were there.
    this.flush();
    this.members.add(user);
    user.chats.add(this);
  }

  remove(user: UserListeners): void {
    // What is due is the last that they get.
    if (this.members.has(user)) this.flush();
    this.members.delete(user);
    this.joining.delete(user);
    this.untold.delete(user);
    user.chats.delete(this);
    if (this.members.size === 0 && this.joining.size === 0) this.callbacks.onEmpty(this);
  }

  flush(): void {
    if (this.#texts.length === 0) return;
    const chunk = new Chunk(this.#texts);
    this.#texts = [];
    for (const user of this.members) user.deliver(chunk);
  }

  close(): void {
    clearTimeout(this.#gap);
  }

  #stand(pts: number): void {
    this.pts = Math.max(pts, this.pts ?? 0);
    this.jumpedTo = Math.max(pts, this.jumpedTo);
    for (const held of this.#held.keys()) if (held <= this.pts) this.#held.delete(held);
  }

  #drain(): void {
    if (this.#held.size > MAX_HELD) {
      this.#held.clear();
      if (this.pts !== undefined) this.callbacks.onGap(this);
    }
    while (this.pts !== undefined) {
      const next = this.#held.get(this.pts + 1);
      if (!next) break;
      this.#held.delete(this.pts + 1);
      this.pts++;
      this.#apply(next);
    }
    if (this.pts === undefined) return;
    if (this.#held.size === 0) {
      clearTimeout(this.#gap);
      this.#gap = undefined;
    } else {
      this.#gap ??= setTimeout(() => {
        this.#gap = undefined;
        this.callbacks.onGap(this);
      }, GAP_MS);
    }
  }

  #apply(encoded: EncodedEvent): void {
    const { added = [], removed = [] } = encoded.event;
    this.#push(encoded.text);
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

  #push(text: string): void {
    this.#texts.push(text);
    this.flusher.add(this);
  }

  #ephemeral(encoded: EncodedEvent, exceptUserId: number | undefined): void {
    // After what happened before.
    this.flush();
    const leaving = new Set([...this.#held.values()].flatMap(({ event }) => event.removed ?? []));
    const chunk = new Chunk([encoded.text]);
    for (const user of this.members) if (user.id !== exceptUserId && !leaving.has(user.id)) user.deliver(chunk);
  }
}
