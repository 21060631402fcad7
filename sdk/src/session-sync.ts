import { changeSteps, chatSteps, ownSteps, personSteps, syncedSteps } from './changes.js';
import type { Ephemera } from './ephemera.js';
import type { Step } from './held.js';
import type { Keeper } from './keeper.js';
import type { Loader } from './loader.js';
import { MessengerError } from './messenger-error.js';
import type { Session } from './session.js';
import { backoffMs, sleep, type Timing } from './timing.js';
import type { ChatChange, OwnChange, ServerEvent, SyncAnswer, SyncRequest } from './wire.js';

/** Brings the copy up to date over one session, and keeps it so by the rules of docs/realtime.md. */
export class SessionSync {
  readonly #keeper: Keeper;
  readonly #loader: Loader;
  readonly #ephemera: Ephemera;
  readonly #timing: Timing;
  readonly #inbox: ServerEvent[] = [];
  /** Chats of which something has to be asked for that no change brings. */
  readonly #unsure = new Set<number>();
  #session: Session | undefined;
  #isWorking = true;

  constructor(keeper: Keeper, loader: Loader, ephemera: Ephemera, timing: Timing) {
    this.#keeper = keeper;
    this.#loader = loader;
    this.#ephemera = ephemera;
    this.#timing = timing;
  }

  /** An event: while a sync is under way it is kept aside. */
  readonly push = (event: ServerEvent): void => {
    this.#inbox.push(event);
    if (!this.#isWorking) void this.#work();
  };

  /** Attach first, then read: the session is ready, so whatever this sync does not have comes as an event. */
  async start(session: Session): Promise<void> {
    this.#session = session;
    await this.#sync();
    for (const chatId of this.#keeper.replica.holdings.chats.keys()) this.#unsure.add(chatId);
    await this.#work();
  }

  #isOver(): boolean {
    return this.#session?.signal.aborted ?? false;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let event = this.#inbox.shift(); event && !this.#isOver(); event = this.#inbox.shift()) {
      const task = this.#take(event);
      if (task) await task;
    }
    this.#isWorking = false;
    this.#settle();
  }

  /** @returns a promise only when there is something to wait for: so a burst of events is one batch. */
  #take(event: ServerEvent): Promise<void> | undefined {
    const { replica } = this.#keeper;
    switch (event.type) {
      case 'resync':
        return sleep(Math.random() * this.#timing.resyncSpreadMs, this.#session?.signal).then(() => this.#sync());
      case 'reset':
      case 'me.reset':
      case 'people.reset':
        // A sync says so, too, and brings what comes in its place.
        return this.#sync();
      case 'chat.created':
        if (replica.chat(event.chat_id)) return this.#isBehind(event.chat_id, event.pts) ? this.#sync() : undefined;
        this.#keeper.commit(chatSteps(replica, event.data, event.pts));
        return undefined;
      case 'chat.advanced':
        return this.#isBehind(event.chat_id, event.pts) ? this.#sync() : undefined;
      case 'chat.too_long':
        return this.#retrying(() => this.#loader.afresh(event.chat_id, event.pts));
      case 'chat.left':
        this.#forget(event.chat_id);
        return undefined;
      case 'me.advanced':
        return event.me_pts > this.#mePts ? this.#sync() : undefined;
      case 'user.updated':
        this.#keeper.commit(personSteps(replica, [event.data]));
        return undefined;
      case 'chat.read':
        this.#takeRead(event.chat_id, event.data.user_id, event.data.message_id);
        return undefined;
      case 'typing':
        this.#ephemera.typing(event.chat_id, event.data.user_id);
        return undefined;
      case 'presence.subscribe.done':
        this.#ephemera.presence(event.data);
        return undefined;
      case 'presence':
        this.#ephemera.presence([event.data]);
        return undefined;
    }
    if ('me_pts' in event) return this.#takeOwn(event);
    // There will be events of other types.
    return 'pts' in (event as object) ? this.#takeChange(event.chat_id, event as ChatChange) : undefined;
  }

  #takeChange(chatId: number, change: ChatChange): Promise<void> | undefined {
    const chat = this.#keeper.replica.chat(chatId);
    if (change.type === 'participant.removed' && change.data.user_id === this.#session?.userId) {
      // One that a sync was ahead of is past: somebody has added the user again since.
      if (this.#isBehind(chatId, change.pts)) this.#forget(chatId);
      return undefined;
    }
    if (!chat) return this.#sync();
    if (change.pts <= chat.pts) return undefined;
    // Of the user's own reactions the event does not say how they are now.
    const isOwn =
      change.type === 'message.reacted' && change.data.reacted.some(({ user_id }) => user_id === this.#session?.userId);
    if (isOwn) return this.#sync();
    // A stream has nothing missing: where it leaves out a number, a later event has what has become of it.
    if (change.pts > chat.pts + 1 && this.#session?.kind === 'socket') return this.#sync();
    this.#apply(chatId, change);
    return undefined;
  }

  #takeOwn(change: OwnChange): Promise<void> | undefined {
    if (change.me_pts <= this.#mePts) return undefined;
    if (change.me_pts > this.#mePts + 1 && this.#session?.kind === 'socket') return this.#sync();
    this.#keeper.commit(ownSteps(this.#keeper.replica, change));
    return undefined;
  }

  #takeRead(chatId: number, userId: number, messageId: number): void {
    const chat = this.#keeper.replica.chat(chatId);
    if (!chat || (chat.read_marks[userId] ?? 0) >= messageId) return;
    this.#keeper.commit([{ type: 'chat', chat: { ...chat, read_marks: { ...chat.read_marks, [userId]: messageId } } }]);
  }

  #apply(chatId: number, change: ChatChange): void {
    const { replica } = this.#keeper;
    const chat = replica.chat(chatId);
    if (!chat) return;
    this.#keeper.recorded(chatId, change);
    // A state does not say whether the message is new; a sync counts what is unread, a stream does not.
    const isUnreadUnsure = change.type === 'message.state' && this.#session?.kind === 'stream';
    this.#keeper.commit(changeSteps(replica, isUnreadUnsure ? { ...chat, isUnreadUnsure } : chat, change));
    if (change.type === 'message.created') this.#ephemera.stopped(chatId, change.data.author_id);
    this.#unsure.add(chatId);
  }

  #forget(chatId: number): void {
    if (this.#keeper.replica.chat(chatId)) this.#keeper.commit([{ type: 'forget', chatId }]);
  }

  #isBehind(chatId: number, pts: number): boolean {
    return (this.#keeper.replica.chat(chatId)?.pts ?? -1) < pts;
  }

  get #mePts(): number {
    return this.#keeper.replica.holdings.position?.mePts ?? 0;
  }

  /** Asks for what was missed until there is no more of it. */
  async #sync(): Promise<void> {
    while (!this.#isOver()) {
      const answer = await this.#retrying(() => this.#session?.sync(this.#request()) ?? Promise.reject(new Error()));
      // Another session may be further by now: the request of an event stream is not broken off with it.
      if (!answer || this.#isOver()) return;
      this.#takeAnswer(answer);
      for (const { chat_id, pts, too_long } of answer.chats) {
        if (too_long) await this.#retrying(() => this.#loader.afresh(chat_id, pts));
      }
      const isMore = answer.has_more || answer.chats.some((chat) => chat.has_more);
      if (!isMore && !answer.me?.has_more && !answer.people?.has_more) break;
    }
    // Of chats that a reset has taken, and that have not come back, nobody else says that they have moved.
    for (const { chatId } of this.#keeper.replica.holdings.outbox.values()) this.#keeper.observer?.moved(chatId);
  }

  /** Repeats what the server can't answer at the moment. @returns undefined when the session ends before. */
  async #retrying<T>(task: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 0; !this.#isOver(); tries++) {
      try {
        return await task();
      } catch (error) {
        if (this.#isOver()) return undefined;
        if (!(error instanceof MessengerError)) throw error;
        const { backoffFirstMs, backoffLongestMs } = this.#timing;
        await sleep(backoffFirstMs + backoffMs(tries, backoffFirstMs, backoffLongestMs), this.#session?.signal);
      }
    }
    return undefined;
  }

  #request(): SyncRequest {
    const { position, chats } = this.#keeper.replica.holdings;
    const reads: Record<string, number> = {};
    const named: Record<string, number> = {};
    for (const { id, pts, last_read_message_id: mark } of chats.values()) {
      named[id] = pts;
      if (mark !== null) reads[id] = mark;
    }
    return {
      epoch: position?.epoch ?? null,
      chats: named,
      reads,
      me_pts: position?.own ? position.mePts : 0,
      people_pts: position?.peoplePts ?? 0,
    };
  }

  #takeAnswer({ epoch, joined, left, chats, me, people }: SyncAnswer): void {
    const keeper = this.#keeper;
    const { replica } = keeper;
    const { position } = replica.holdings;
    if (!position) return;
    const isReset = position.epoch !== null && position.epoch !== epoch;
    if (isReset) keeper.commit([{ type: 'reset' }]);
    const steps: Step[] = [
      ...(me?.reset ? [{ type: 'blocks.reset' } as const] : []),
      ...(people?.reset ? [{ type: 'people.reset' } as const] : []),
      { type: 'position', position: { ...position, epoch, own: (me?.reset ? undefined : position.own) ?? {} } },
    ];
    keeper.commit(steps);
    for (const change of me?.changes ?? []) keeper.commit(ownSteps(replica, change as OwnChange));
    keeper.commit(personSteps(replica, people?.profiles ?? []));
    this.#moveTo(me?.me_pts, people?.people_pts);
    for (const chatId of left) this.#forget(chatId);
    for (const chat of joined) keeper.commit(chatSteps(replica, chat, chat.pts));
    for (const synced of chats) {
      if (synced.too_long) continue;
      for (const change of synced.changes) this.#apply(synced.chat_id, change as ChatChange);
      const chat = replica.chat(synced.chat_id);
      if (chat) keeper.commit(syncedSteps(chat, synced));
    }
  }

  #moveTo(mePts: number | undefined, peoplePts: number | undefined): void {
    const { position } = this.#keeper.replica.holdings;
    if (!position) return;
    const moved = { ...position, mePts: mePts ?? position.mePts, peoplePts: peoplePts ?? position.peoplePts };
    this.#keeper.commit([{ type: 'position', position: moved }]);
  }

  /** Asks for what the changes have left open. */
  #settle(): void {
    const { replica } = this.#keeper;
    for (const chatId of this.#unsure) {
      const chat = replica.chat(chatId);
      // When there is no answer now, the next change or session asks again.
      if (chat?.isUnreadUnsure) this.#loader.unread(chatId).catch(() => undefined);
      if (chat && !chat.last_message && replica.range(chatId).floor > 0) {
        this.#loader.older(chatId).catch(() => undefined);
      }
    }
    this.#unsure.clear();
  }
}
