import { notAuthorized, serviceUnavailable, tooManyRequests } from '../shared/errors.js';
import type { Logger } from '../shared/logger.js';
import type { Broker } from './broker.js';
import { ChatListeners } from './chat-listeners.js';
import { Chunk } from './chunk.js';
import { EncodedEvent, chatAdvanced } from './event.js';
import type { Flusher } from './flusher.js';
import type { Membership, Store } from './store.js';
import { UserListeners, type Listener } from './user-listeners.js';

/** Somebody is removed and added again while their chats are looked up: hardly once, never so often. */
const MAX_ROUNDS = 10;

/** Of a user, to this node. */
const MAX_CONNECTIONS = 100;

const RESYNC = new Chunk([JSON.stringify({ type: 'resync' })]);
/** Everybody who is told to sync does so: not all at the same moment. */
const RESYNC_SLICE = 500;
const RESYNC_PAUSE_MS = 100;

/** Who is connected to this node, and which chats it listens to for them. */
export class Hub {
  readonly #chats = new Map<number, ChatListeners>();
  readonly #users = new Map<number, UserListeners>();
  readonly #broker: Broker;
  readonly #store: Store;
  readonly #flusher: Flusher;
  readonly #log: Logger;

  constructor(
    broker: Broker,
    store: Store,
    flusher: Flusher,
    log: Logger,
    private readonly callbacks: {
      /** The user has a first connection to this node. */
      readonly onArrived: (userId: number) => void;
      /** The user has none left. */
      readonly onLeft: (userId: number) => void;
    },
  ) {
    this.#broker = broker;
    this.#store = store;
    this.#flusher = flusher;
    this.#log = log;
  }

  /** The chats that this node listens to. */
  get chats(): ReadonlyMap<number, ChatListeners> {
    return this.#chats;
  }

  /** The users who are connected to this node. */
  userIds(): MapIterator<number> {
    return this.#users.keys();
  }

  /**
   * From when this settles until detach the listener gets everything that happens in the chats of its user: attach first,
   * then read.
   * @throws NOT_AUTHORIZED when the user is gone, TOO_MANY_REQUESTS; whatever the database says.
   */
  async attach(listener: Listener): Promise<void> {
    let user = this.#users.get(listener.userId);
    if (user && user.listeners.size + user.attaching >= MAX_CONNECTIONS)
      throw tooManyRequests({ retryAfterSeconds: 10 });
    if (!user) {
      user = new UserListeners(listener.userId);
      this.#users.set(user.id, user);
      user.ready = this.#listenFor(user);
    }
    user.attaching++;
    try {
      await user.ready;
      user.listeners.add(listener);
      if (user.listeners.size === 1) this.callbacks.onArrived(user.id);
    } finally {
      user.attaching--;
      this.#forgetIfGone(user);
    }
  }

  detach(listener: Listener): void {
    const user = this.#users.get(listener.userId);
    if (!user?.listeners.delete(listener)) return;
    if (user.listeners.size === 0) this.callbacks.onLeft(user.id);
    this.#forgetIfGone(user);
  }

  /** Whether the user is known to take part; only for one who has a connection to this node. */
  isMember(userId: number, chatId: number): boolean {
    const user = this.#users.get(userId);
    return user !== undefined && this.#chats.get(chatId)?.members.has(user) === true;
  }

  /** The same, and they have been told of the chat. */
  hasWelcomed(userId: number, chatId: number): boolean {
    const user = this.#users.get(userId);
    const chat = this.#chats.get(chatId);
    return user !== undefined && chat?.members.has(user) === true && !chat.untold.has(user);
  }

  /** Whether the user takes part; when this node knows nothing of it, the database says. */
  async takesPart(userId: number, chatId: number): Promise<boolean> {
    if (this.isMember(userId, chatId)) return true;
    // Before the node listens for them, so that an outsider costs a query and no subscription.
    const found = await this.#store.check([{ userId, chatId }]);
    if (found.length > 0) await this.welcome(userId, chatId);
    return this.isMember(userId, chatId);
  }

  /** An event of a chat. */
  receive(chatId: number, event: EncodedEvent): void {
    this.#chats.get(chatId)?.receive(event);
  }

  /** An event that is for one user alone. */
  receiveForUser(userId: number, event: EncodedEvent): void {
    const user = this.#users.get(userId);
    if (!user) return;
    const { chatId, pts } = event.event;
    if (chatId === undefined || pts === undefined) {
      user.deliver(new Chunk([event.text]));
      return;
    }
    this.welcome(userId, chatId, event).catch((error: unknown) => {
      // The healing finds them again.
      this.#log.warn({ err: error }, 'could not tell a user of a new chat');
    });
  }

  /** Asks every client to sync, some at a time. */
  async resync(): Promise<void> {
    let count = 0;
    for (const user of [...this.#users.values()]) {
      user.deliver(RESYNC);
      if (++count % RESYNC_SLICE === 0) await new Promise((resolve) => setTimeout(resolve, RESYNC_PAUSE_MS));
    }
  }

  /**
   * Makes the user a member of a chat that is new to them, once the database says so.
   * @param event tells them of it; without one they get a hint.
   */
  async welcome(userId: number, chatId: number, event?: EncodedEvent): Promise<void> {
    const user = this.#users.get(userId);
    if (!user) return;
    await user.ready;
    const expected = this.#expect(user, chatId);
    try {
      await expected.subscribed;
      const ask = () => this.#store.check([{ userId, chatId }]);
      if (!expected.members.has(user)) await this.#settle(user, ask, [expected]);
    } catch (error) {
      if (expected.joining.has(user)) expected.remove(user);
      throw error;
    }
    // A removal that came late may have ended the one that was expected, and another one has begun.
    const chat = this.#chats.get(chatId);
    if (!chat?.members.has(user)) return;
    chat.untold.delete(user);
    const { pts = 0 } = chat;
    if (event) user.deliver(new Chunk([event.text]));
    if (!event || pts > (event.event.pts ?? 0)) {
      user.deliver(new Chunk([EncodedEvent.of(chatAdvanced(chatId, pts)).text]));
    }
  }

  /**
   * Brings a chat, of which events have been lost, to where the database is: whoever has been removed meanwhile is taken
   * out, the others get a hint.
   */
  async heal(chat: ChatListeners): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const asked = [...chat.members];
      const pairs = asked.map(({ id: userId }) => ({ userId, chatId: chat.id }));
      const found = new Map((await this.#store.check(pairs)).map((row) => [row.userId, row]));
      // Nobody was left meanwhile. Whoever has come since has looked it up.
      if (this.#chats.get(chat.id) !== chat) return;
      const pts = Math.max(0, ...[...found.values()].map((row) => row.pts));
      for (const user of asked) {
        if (found.has(user.id)) continue;
        chat.remove(user);
        user.deliver(RESYNC);
      }
      if (chat.pts !== undefined && chat.pts >= pts) return;
      // Who has come meanwhile has been looked up before or after: once more, with them.
      if ([...chat.members].some((user) => !found.has(user.id))) continue;
      chat.advanceTo(pts);
      return;
    }
  }

  close(): void {
    for (const chat of this.#chats.values()) chat.close();
  }

  async #listenFor(user: UserListeners): Promise<void> {
    try {
      await this.#broker.subscribe([`user:${user.id}`]);
      const memberships = await this.#store.chatsOf(user.id);
      if (!memberships) throw notAuthorized();
      const chats = memberships.map(({ chatId }) => this.#expect(user, chatId));
      await Promise.all(chats.map(({ subscribed }) => subscribed));
      await this.#settle(user, async () => (await this.#store.chatsOf(user.id)) ?? [], chats);
    } catch (error) {
      this.#forget(user);
      throw error;
    }
  }

  /**
   * Asks the database, now that the node listens, in which of the chats the user is, until its answer is not older than
   * what the node knows.
   */
  async #settle(
    user: UserListeners,
    ask: () => Promise<readonly Membership[]>,
    expected: readonly ChatListeners[],
  ): Promise<void> {
    let waiting = expected;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const rows = await ask();
      if (this.#users.get(user.id) !== user) {
        for (const chat of user.chats) chat.remove(user);
        return;
      }
      const unsure: ChatListeners[] = [];
      for (const { chatId, pts } of rows) {
        const known = this.#chats.get(chatId);
        if (known?.members.has(user)) continue;
        if (known?.joining.has(user) && known.jumpedTo <= pts) {
          if (known.pts === undefined) known.jumpTo(pts);
          known.admit(user);
        } else unsure.push(this.#expect(user, chatId));
      }
      const inThem = new Set(rows.map(({ chatId }) => chatId));
      for (const chat of waiting) {
        if (!inThem.has(chat.id) && chat.joining.has(user)) chat.remove(user);
      }
      if (unsure.length === 0) return;
      waiting = unsure;
      await Promise.all(unsure.map(({ subscribed }) => subscribed));
    }
    throw serviceUnavailable({ retryAfterSeconds: 1 });
  }

  #expect(user: UserListeners, chatId: number): ChatListeners {
    let chat = this.#chats.get(chatId);
    if (!chat) {
      chat = new ChatListeners(chatId, this.#flusher, this.#users, {
        onGap: (behind) => void this.#healLogged(behind),
        onEmpty: (empty) => {
          this.#drop(empty);
        },
      });
      this.#chats.set(chatId, chat);
      chat.subscribed = this.#broker.subscribe([`chat:${chatId}`]);
    }
    chat.expect(user);
    return chat;
  }

  async #healLogged(chat: ChatListeners): Promise<void> {
    try {
      await this.heal(chat);
    } catch (error) {
      this.#log.warn({ err: error, chat_id: chat.id }, 'could not heal a chat; it will be tried again');
    }
  }

  #forgetIfGone(user: UserListeners): void {
    if (user.listeners.size === 0 && user.attaching === 0) this.#forget(user);
  }

  #forget(user: UserListeners): void {
    if (this.#users.get(user.id) !== user) return;
    this.#users.delete(user.id);
    this.#broker.unsubscribe([`user:${user.id}`]);
    for (const chat of user.chats) chat.remove(user);
  }

  #drop(chat: ChatListeners): void {
    chat.close();
    if (this.#chats.get(chat.id) !== chat) return;
    this.#chats.delete(chat.id);
    this.#broker.unsubscribe([`chat:${chat.id}`]);
  }
}
