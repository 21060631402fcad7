import { ChatHandle, type ChatContext } from './chat-handle.js';
import { Connector, type ConnectionStatus } from './connector.js';
import { Ephemera } from './ephemera.js';
import type { OutboxItem, OwnStates } from './held.js';
import { Keeper } from './keeper.js';
import { Loader } from './loader.js';
import { Outbox } from './outbox.js';
import { addressOf, type Answer, type Given, type PathOf } from './request.js';
import { Rest, type Method } from './rest.js';
import { SessionSync } from './session-sync.js';
import type { Session } from './session.js';
import type { Shared } from './sharing.js';
import type { Store } from './store.js';
import { sleep, type Timing } from './timing.js';
import { TokenSource, type GetToken } from './token-source.js';
import { chatLists, unreadOf, type ChatLists, type Unread } from './views/chat-list.js';
import { peopleView, type People } from './views/people.js';
import { PresenceWatch, type Presence } from './views/presence-watch.js';
import { viewOf, type View } from './view.js';
import type { ChangeMe, ChatWithParticipants, ShortUser, User } from './wire.js';

/** So many messages are there for somebody who opens a chat without a network. */
const PREFETCHED = 30;
const BETWEEN_PREFETCHES_MS = 50;

/** What `createClient` takes. */
export interface ClientOptions {
  /** Where the server is, such as `https://chat.example.com`. */
  readonly url: string;
  readonly getToken: GetToken;
  /** Where the chats outlive the page. Without one they are in memory. */
  readonly store?: Store;
  /**
   * A name for the user, by which the application tells its users apart: a store needs it. What was kept under another name
   * is never looked at.
   */
  readonly account?: string;
  /** Of how many chats, the newest first, messages are read in advance. */
  readonly prefetch?: number;
  /** Instead of the global one: Node.js before 22 has none. */
  readonly WebSocket?: typeof WebSocket;
  /** Hears of what went wrong without anybody having asked for it, such as a store that is full. */
  readonly onError?: (error: unknown) => void;
}

/** The user's chats, kept up to date over a connection that is kept open. */
export class MessengerClient {
  readonly #options: ClientOptions;
  readonly #timing: Timing;
  readonly connection: View<ConnectionStatus>;
  readonly chats: View<ChatLists>;
  readonly unread: View<Unread>;
  /** The user themselves; undefined until they are known. */
  readonly me: View<User | undefined>;
  /** Their folders, reminders and scheduled messages; undefined until they are known. */
  readonly own: View<OwnStates | undefined>;
  readonly people: View<People>;
  /** Whom the user has blocked. */
  readonly blocked: View<readonly ShortUser[]>;
  /** Whatever waits to be sent, or has failed. */
  readonly outbox: View<readonly OutboxItem[]>;
  readonly #keeper: Keeper;
  readonly #tokens: TokenSource;
  readonly #rest: Rest;
  readonly #loader: Loader;
  readonly #outbox: Outbox;
  readonly #shared: Shared | undefined;
  readonly #ephemera: Ephemera;
  readonly #presence: PresenceWatch;
  readonly #connector: Connector;
  readonly #chats = new Map<number, ChatHandle>();
  #isOpen = false;
  /** How often it was ended. */
  #runs = 0;
  #isLoaded = false;
  /** How far the server's clock is ahead. */
  #clockAheadMs = 0;

  constructor(options: ClientOptions, timing: Timing) {
    this.#options = options;
    this.#timing = timing;

    if (options.store && options.account === undefined) throw new Error('A store needs an `account`.');
    const url = options.url.replace(/\/+$/, '');
    const Socket = options.WebSocket ?? (globalThis as { WebSocket?: typeof WebSocket }).WebSocket;
    this.#keeper = new Keeper((error) => options.onError?.(error));
    this.#tokens = new TokenSource(options.getToken, timing, (reason) => {
      this.#outbox.close();
      this.#connector.stop({ state: 'unauthorized', reason });
    });
    this.#rest = new Rest(url, this.#tokens, timing);
    this.#loader = new Loader(this.#keeper, this.#rest);
    this.#outbox = new Outbox(this.#keeper, this.#rest, timing);
    const { replica } = this.#keeper;
    this.#ephemera = new Ephemera(replica);
    this.#presence = new PresenceWatch(replica);
    this.#connector = new Connector(
      url,
      Socket,
      this.#tokens,
      this.#rest,
      timing,
      () => this.#sessionUser(),
      () => {
        this.#outbox.close();
        this.#ephemera.clear();
      },
    );
    this.#shared = options.store?.share?.({
      ...{ keeper: this.#keeper, loader: this.#loader, outbox: this.#outbox },
      ...{ ephemera: this.#ephemera, presence: this.#presence, connector: this.#connector },
      signOut: () => void this.#forget(),
    });
    this.connection = viewOf([this.#connector.topic], () => this.#connector.status);
    this.chats = chatLists(replica, () => this.#isLoaded || this.#connector.status.state === 'online');
    this.unread = unreadOf(replica, this.chats);
    this.me = viewOf([replica.meTopic], () => replica.holdings.position?.me);
    this.own = viewOf([replica.meTopic], () => replica.holdings.position?.own);
    this.people = peopleView(replica, this.#shared?.loader ?? this.#loader);
    this.blocked = viewOf([replica.blocksTopic], () => [...replica.holdings.blocked.values()]);
    this.outbox = viewOf([replica.outboxTopic], () =>
      [...replica.holdings.outbox.values()].sort((one, other) => one.order - other.order),
    );
    this.connect();
  }

  /** Connects again, after `close`, or when somebody has signed in again. A client that is made connects by itself. */
  connect(): void {
    this.#tokens.restart();
    this.#listen(true);
    const { account } = this.#options;
    if (account === undefined) {
      this.#connector.start();
      return;
    }
    const run = this.#runs;
    // Only then: what other tabs say from now on is newer than what is in the store.
    const opened = Promise.resolve().then(() => this.#open(account));
    const lead = () => {
      void opened.then(() => {
        if (run === this.#runs) this.#connector.start();
      });
    };
    if (this.#shared) this.#shared.join(account, opened, lead);
    else lead();
  }

  /** Ends the connection. What is kept stays. */
  close(): void {
    this.#end({ state: 'offline' });
    this.#keeper.close();
  }

  /** Ends the connection, and forgets everything of the user, what waits to be sent included; in other tabs as well. */
  async signOut(): Promise<void> {
    this.#shared?.signOut();
    await this.#forget();
  }

  /** A chat, by its id. It is the same object each time. */
  chat(chatId: number): ChatHandle {
    let chat = this.#chats.get(chatId);
    if (!chat) this.#chats.set(chatId, (chat = new ChatHandle(chatId, this.#context)));
    return chat;
  }

  /** Whether people are there. */
  presence(userIds: readonly number[]): View<Presence> {
    return this.#presence.view(userIds);
  }

  /** Takes a chat that has just been opened by a request. */
  async opened(chat: ChatWithParticipants): Promise<ChatHandle> {
    await (this.#shared?.loader ?? this.#loader).opened(chat);
    return this.chat(chat.id);
  }

  /** Changes the user's own profile. @throws MessengerError */
  async updateMe(change: ChangeMe): Promise<void> {
    await (this.#shared?.loader ?? this.#loader).keepMe(await this.#rest.ask<User>('PATCH', '/user/me', change));
  }

  /**
   * Any request of the API: what it is given and what it answers are as openapi.json has them. It is made once, and nothing of it is
   * kept: what others do with it comes by events.
   * @throws MessengerError
   */
  async ask<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...[given]: object extends Given<M, P> ? [given?: Given<M, P>] : [given: Given<M, P>]
  ): Promise<Answer<M, P>> {
    const { body, ...parts } = (given ?? {}) as { readonly body?: unknown };
    return this.#rest.ask(method, addressOf(path, parts), body);
  }

  async #forget(): Promise<void> {
    this.#end({ state: 'unauthorized', reason: 'SIGNED_OUT' });
    await this.#keeper.clear();
    this.#isLoaded = false;
    this.#keeper.close();
  }

  #end(status: ConnectionStatus): void {
    this.#runs++;
    this.#listen(false);
    this.#outbox.close();
    this.#connector.stop(status);
    this.#shared?.leave();
    this.#isOpen = false;
  }

  get #context(): ChatContext {
    return {
      replica: this.#keeper.replica,
      loader: this.#shared?.loader ?? this.#loader,
      outbox: this.#shared?.outbox ?? this.#outbox,
      connection: this.#connector.topic,
      session: () => this.#connector.session ?? this.#shared?.session,
      now: () => new Date(Date.now() + this.#clockAheadMs),
    };
  }

  #sessionUser() {
    const sync = new SessionSync(this.#keeper, this.#loader, this.#ephemera, this.#timing);
    return { onEvent: sync.push, start: (session: Session) => this.#begin(session, sync) };
  }

  async #begin(session: Session, sync: SessionSync): Promise<void> {
    await this.#adopt(session.userId);
    this.#clockAheadMs = session.clockAheadMs;
    this.#presence.attach(session);
    await sync.start(session);
    if (session.signal.aborted) return;
    this.#loaded();
    this.#outbox.open();
    if (!this.#keeper.replica.holdings.position?.me) this.#loader.me().catch(() => undefined);
    void this.#prefetch(session);
  }

  /** What is kept is this user's, or it is forgotten. */
  async #adopt(userId: number): Promise<void> {
    const { replica } = this.#keeper;
    if (replica.userId !== undefined && replica.userId !== userId) await this.#keeper.clear();
    if (replica.userId !== undefined) return;
    const position = { userId, epoch: null, mePts: 0, peoplePts: 0, me: undefined };
    this.#keeper.commit([{ type: 'position', position }]);
  }

  async #open(account: string): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    try {
      const store = await this.#options.store?.(account);
      if (store && (await this.#keeper.open(store))) this.#loaded();
    } catch (error) {
      // Where the browser keeps nothing, the client works without a store.
      this.#options.onError?.(error);
    }
  }

  #loaded(): void {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    this.#keeper.replica.touchAll();
  }

  /** Messages of the newest chats, one chat after the other: so they are there without a network, too. */
  async #prefetch(session: Session): Promise<void> {
    const { replica } = this.#keeper;
    for (const { id } of this.chats.getSnapshot().chats.slice(0, this.#options.prefetch ?? PREFETCHED)) {
      const { floor, log } = replica.range(id);
      if (floor === 0 || log.length >= PREFETCHED) continue;
      await sleep(BETWEEN_PREFETCHES_MS, session.signal);
      if (session.signal.aborted) return;
      await this.#loader.older(id).catch(() => undefined);
    }
  }

  #listen(isOn: boolean): void {
    const { wake, lose } = this.#connector;
    const change = isOn ? 'addEventListener' : 'removeEventListener';
    // Node.js has neither of them.
    const page = globalThis as Partial<Pick<typeof globalThis, typeof change | 'document'>>;
    page[change]?.('online', wake);
    page[change]?.('offline', lose);
    // A device that was asleep may have lost its connection without a word.
    page.document?.[change]('visibilitychange', wake);
  }
}
