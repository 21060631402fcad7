import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../faults/random.js';
import { backoffMs, blamesClient, reconnectDelayMs } from './backoff.js';
import type { Authentication } from './connection.js';
import { Journal, OWN_LOG } from './journal.js';
import {
  CLOSE,
  type Change,
  type ChatWithParticipants,
  type Message,
  type OwnChange,
  type ServerEvent,
  type SyncAnswer,
} from './protocol.js';
import { Replica, groupStateOf, heldMessage, ownStateOf } from './replica.js';
import type { Servers } from './servers.js';
import { Refusal, SessionEnded, type Session } from './session.js';
import { SocketSession } from './socket-session.js';
import { StreamSession } from './stream-session.js';

const PAGE = 100;
/** Over how long those who are told to resync spread. */
const RESYNC_SPREAD_MS = 1000;

export type DeviceKind = 'socket' | 'stream';

export interface DeviceOwner {
  readonly id: number;
  readonly token: string;
}

/** A device that stays up to date by the rules of docs/realtime.md, whatever happens to its connection. */
export class Device {
  readonly replica = new Replica();
  readonly journal = new Journal();
  readonly #authentication: Authentication;
  #session: Session | undefined;
  /** How far the event stream has been applied. */
  #lastEventId: string | undefined;
  #awayUntil = 0;
  /** How often it has tried to connect since it was last connected. */
  #tries = 0;
  #isFrozen = false;
  #stopped = false;

  constructor(
    readonly name: string,
    readonly kind: DeviceKind,
    readonly owner: DeviceOwner,
    readonly servers: Servers,
    readonly random: Random,
  ) {
    this.#authentication = random.chance(0.5) ? 'header' : 'frame';
    this.journal.add({ kind: 'taken', chatId: OWN_LOG, pts: this.replica.mePts });
  }

  /** The connection, while there is one. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Connects, and connects again, until the device is stopped. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const code = await this.#live(this.servers.anyNode());
      if (blamesClient(code)) this.journal.surprises.push(`was closed with ${code}`);
      const delayMs = reconnectDelayMs(code, this.#tries++, this.random);
      await sleep(Math.max(delayMs, this.#awayUntil - Date.now()));
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#session?.cut();
  }

  /** Loses its connection, and stays away for a while. */
  leave(ms: number): void {
    this.#awayUntil = Date.now() + ms;
    this.#session?.cut();
  }

  /** Whether it is connected, and reads. */
  get isReading(): boolean {
    return this.#session !== undefined && !this.#isFrozen;
  }

  /** Does not read for a while, unless its connection ends before. */
  async freeze(ms: number): Promise<void> {
    const session = this.#session;
    if (!session || this.#isFrozen) return;
    const from = Date.now();
    this.#isFrozen = true;
    session.pause();
    await sleep(ms, undefined, { signal: session.ended }).catch(() => undefined);
    session.resume();
    this.#isFrozen = false;
    this.journal.frozen.push({ from, to: Date.now() });
  }

  /** One connection, from its beginning to its end. @returns the code with which it was closed. */
  async #live(node: number): Promise<number> {
    let session: Session | undefined;
    let code: number = CLOSE.gone;
    try {
      session = await this.#open(node);
      this.#tries = 0;
      this.#session = session;
      await this.#follow(session);
    } catch (error) {
      if (error instanceof SessionEnded) code = error.code;
      else this.journal.surprises.push(String(error));
    }
    this.#session = undefined;
    session?.cut();
    if (session) this.journal.add({ kind: 'disconnected', code });
    return code;
  }

  #open(node: number): Promise<Session> {
    const dial = { servers: this.servers, node, token: this.owner.token, journal: this.journal };
    return this.kind === 'socket'
      ? SocketSession.open(dial, this.#authentication)
      : StreamSession.open(dial, this.#lastEventId);
  }

  /** Attach first, then read: the session is ready, so whatever the sync does not have any more comes as an event. */
  async #follow(session: Session): Promise<never> {
    // A stream that has begun where the last one ended brings what was missed by itself.
    if (this.#lastEventId === undefined) await this.#sync(session);
    for (;;) {
      const delivery = await session.deliveries.next();
      session.ended.throwIfAborted();
      if (delivery?.event) await this.#take(session, delivery.event);
      this.#lastEventId = delivery?.id ?? this.#lastEventId;
    }
  }

  async #take(session: Session, event: ServerEvent): Promise<void> {
    switch (event.type) {
      case 'resync':
        await sleep(this.random.between(0, RESYNC_SPREAD_MS));
        await this.#sync(session);
        return;
      case 'chat.advanced':
        if (this.#isBehind(event.chat_id, event.pts)) await this.#sync(session);
        return;
      case 'chat.created':
        if (!this.#isBehind(event.chat_id, event.pts)) return;
        if (this.replica.chats.has(event.chat_id)) await this.#sync(session);
        else await this.#load(session, event.chat_id, event.pts, event.data);
        return;
      case 'chat.too_long':
        await this.#load(session, event.chat_id, event.pts);
        return;
      case 'chat.left':
        this.#forget(event.chat_id);
        return;
      case 'me.advanced':
        if (event.me_pts > this.replica.mePts) await this.#sync(session);
        return;
      case 'me.reset':
        this.#resetOwn();
        return;
      case 'chat.read':
      case 'typing':
      case 'presence':
        return;
    }
    // A change, perhaps of a kind that this client does not know: its number counts all the same.
    if ('me_pts' in event) await this.#takeOwnChange(session, event);
    else if ('pts' in event) await this.#takeChange(session, event.chat_id, event);
  }

  async #takeChange(session: Session, chatId: number, change: Change): Promise<void> {
    if (change.type === 'participant.removed' && change.data.user_id === this.owner.id) {
      // One that a sync was ahead of is past: the chat is here because somebody has added the user again.
      if (this.#isBehind(chatId, change.pts)) this.#forget(chatId);
      return;
    }
    const judgement = this.replica.judge(chatId, change.pts);
    if (judgement === 'known') return;
    if (judgement === 'next' || (judgement === 'gap' && this.kind === 'stream')) {
      // The stream has nothing missing: where it leaves out a number, a later one says what has become of it.
      this.journal.add({ kind: 'applied', chatId, pts: change.pts });
      this.replica.apply(chatId, change);
    } else if (this.kind === 'stream') {
      await this.#load(session, chatId, change.pts);
    } else {
      await this.#sync(session);
    }
  }

  async #takeOwnChange(session: Session, change: OwnChange): Promise<void> {
    const judgement = this.replica.judgeOwn(change.me_pts);
    if (judgement === 'known') return;
    if (judgement === 'next' || this.kind === 'stream') {
      this.journal.add({ kind: 'applied', chatId: OWN_LOG, pts: change.me_pts });
      this.replica.applyOwn(change);
    } else {
      await this.#sync(session);
    }
  }

  #isBehind(chatId: number, pts: number): boolean {
    const mine = this.replica.chats.get(chatId)?.pts;
    return mine === undefined || mine < pts;
  }

  /** Asks for everything that was missed. Events that arrive meanwhile wait in the session's inbox. */
  async #sync(session: Session): Promise<void> {
    for (;;) {
      const answer = await this.#ask(session);
      this.replica.startEpoch(answer.epoch);
      this.#takeOwn(answer.me);
      for (const chatId of answer.left) this.#forget(chatId);
      for (const chat of answer.chats) {
        if (chat.too_long) {
          await this.#load(session, chat.chat_id, chat.pts);
        } else {
          for (const change of chat.changes) this.replica.apply(chat.chat_id, change);
          const held = this.replica.chats.get(chat.chat_id)!;
          held.pts = chat.pts;
          held.own = ownStateOf(chat);
          held.group = { ...held.group, ...groupStateOf(chat) };
          this.journal.add({ kind: 'synced', chatId: chat.chat_id, pts: chat.pts });
        }
      }
      for (const chat of answer.joined) await this.#load(session, chat.id, chat.pts);
      if (!answer.has_more && !answer.me.has_more && !answer.chats.some(({ has_more }) => has_more)) return;
    }
  }

  #takeOwn({ me_pts: mePts, reset, changes }: SyncAnswer['me']): void {
    if (reset) this.#resetOwn();
    for (const change of changes) this.replica.applyOwn(change);
    this.replica.mePts = mePts;
    this.journal.add({ kind: 'synced', chatId: OWN_LOG, pts: mePts });
  }

  #resetOwn(): void {
    this.replica.resetOwn();
    this.journal.add({ kind: 'taken', chatId: OWN_LOG, pts: 0 });
  }

  /** Repeats a sync while the server can't answer it. */
  async #ask(session: Session): Promise<SyncAnswer> {
    for (let tries = 0; ; tries++) {
      try {
        return await session.sync(this.replica.positions());
      } catch (error) {
        if (!(error instanceof Refusal) || error.status < 500) throw error;
        await sleep(backoffMs(tries, this.random));
      }
    }
  }

  /** Takes a chat with everything in it. It is there only when it is whole: else the next sync brings it once more. */
  async #load(session: Session, chatId: number, pts: number, given?: ChatWithParticipants): Promise<void> {
    this.#forget(chatId);
    const chat = given ?? (await this.#read<ChatWithParticipants>(session, `/chat/${chatId}`));
    const messages = chat && (await this.#readMessages(session, chatId));
    // Left again meanwhile.
    if (!chat || !messages) return;
    this.replica.chats.set(chatId, {
      id: chatId,
      name: chat.name,
      pts,
      participants: new Set(chat.participants.map(({ id }) => id)),
      participantCount: chat.participant_count,
      group: groupStateOf(chat),
      messages: new Map(messages.map((message) => [message.id, heldMessage(message)])),
      own: ownStateOf(chat),
    });
    this.journal.add({ kind: 'taken', chatId, pts });
  }

  async #readMessages(session: Session, chatId: number): Promise<Message[] | undefined> {
    const messages: Message[] = [];
    for (;;) {
      const cursor = messages.at(-1)?.id;
      const from = cursor === undefined ? '' : `&cursor=${cursor}`;
      const page = await this.#read<{ messages: Message[] }>(session, `/chat/${chatId}/messages?limit=${PAGE}${from}`);
      if (!page) return undefined;
      messages.push(...page.messages);
      if (page.messages.length < PAGE) return messages;
    }
  }

  /** @returns undefined when it is not the user's to read. */
  async #read<T>(session: Session, path: string): Promise<T | undefined> {
    const { token } = this.owner;
    const answer = await this.servers.requestUntilAnswered({ method: 'GET', path, token, signal: session.ended });
    return answer.status === 200 ? (answer.body as T) : undefined;
  }

  #forget(chatId: number): void {
    if (this.replica.chats.delete(chatId)) this.journal.add({ kind: 'forgotten', chatId });
  }
}
