import { serviceUnavailable } from '../../shared/errors.js';
import { closedCount } from '../../shared/metrics.js';
import type { FrameBatch } from '../delivery/frame-batch.js';
import type { Hub } from '../delivery/hub.js';
import type { Listener } from '../delivery/user-channel.js';
import type { EncodedEvent } from '../protocol/event.js';
import { CLOSE, type Close } from '../protocol/close-codes.js';
import { encodeCursor, type StreamCursor } from '../protocol/stream-cursor.js';
import type { Identity } from '../../shared/credential.js';
import type { InspectFrame } from './connection.js';
import type { WaitingBytes } from './waiting-bytes.js';

/** Where the text of a stream goes. */
export interface TextOutput {
  write(text: string): void;
  /** How much has not been taken by the network. */
  readonly bufferedBytes: number;
  /** Settles when the network takes more, or never will. */
  drained(): Promise<void>;
  end(): void;
}

/** What a sync answers, as far as a stream looks into it. */
interface Synced {
  readonly epoch: string;
  readonly has_more: boolean;
  readonly joined: readonly { readonly id: number; readonly pts: number }[];
  readonly left: readonly number[];
  readonly chats: readonly {
    readonly chat_id: number;
    readonly pts: number;
    readonly has_more: boolean;
    readonly too_long: boolean;
    readonly changes: readonly { readonly type: string; readonly pts: number; readonly data?: unknown }[];
  }[];
  readonly me?: {
    readonly me_pts: number;
    readonly has_more: boolean;
    readonly reset: boolean;
    readonly changes: readonly { readonly type: string; readonly me_pts: number; readonly data?: unknown }[];
  };
  readonly people?: {
    readonly people_pts: number;
    readonly has_more: boolean;
    readonly reset: boolean;
    readonly profiles: readonly unknown[];
  };
}

/** What a stream reads for its user. */
export interface StreamSource {
  /** The type of the event that brings a profile. */
  readonly profileType: string;
  sync(
    userId: number,
    request: { epoch: string | null; chats: Record<string, number>; me_pts: number; people_pts: number },
    within: ReadonlySet<number> | undefined,
  ): Promise<Synced>;
  /** A chat as the user sees it, with everybody in it; undefined: they are not in it. */
  chat(userId: number, chatId: number): Promise<{ readonly pts: number } | undefined>;
}

const HEARTBEAT_MS = 15_000;
/** The cursor of a thousand chats has five thousand letters: it is not said after each event. */
const CURSOR_MS = 1000;
/** But after so much at the latest, or a client that is cut off again and again would never get on. */
const CURSOR_BYTES = 64 * 1024;
const RECONNECT_MS = 2000;
/** So long before its token expires a stream ends: time to get another token and to go on. */
const EXPIRY_LEAD_MS = 5000;

/** What every stream needs. */
export interface StreamServices {
  readonly hub: Hub;
  readonly source: StreamSource;
  readonly waiting: WaitingBytes;
  readonly inspect: InspectFrame | undefined;
}

/** The events of a user as text, for clients without a socket: the server keeps the client's rule for them. */
export class EventStream implements Listener {
  readonly kind = 'stream';
  readonly userId: number;
  readonly identity: Identity;
  /** When it ends, in ms since 1970. */
  readonly #endsAt: number;
  readonly #output: TextOutput;
  readonly #hub: Hub;
  readonly #source: StreamSource;
  readonly #waiting: WaitingBytes;
  readonly #inspect: InspectFrame | undefined;
  #epoch: string | null;
  readonly #chats: Map<number, number>;
  /** How far the own log of the user has been told. */
  #mePts: number;
  /** How far the profiles of others have been told. */
  #peoplePts: number;
  /** Events that came during a sync; undefined: there is none. */
  #aside: EncodedEvent[] | undefined = [];
  #asideBytes = 0;
  #syncAgain = false;
  #saidAt = Date.now();
  #cursorSaid = true;
  #unsaidBytes = 0;
  #closed = false;
  #isOpen = false;

  readonly #isLost: boolean;

  /** @param cursor from where to go on; undefined: from now; `lost`: from now, and the client is told to sync. */
  constructor(
    identity: Identity,
    output: TextOutput,
    cursor: StreamCursor | 'lost' | undefined,
    { hub, source, waiting, inspect }: StreamServices,
  ) {
    this.userId = identity.userId;
    this.identity = identity;
    const endsAt = identity.expiresAt - EXPIRY_LEAD_MS;
    // A token that has less time left is used to its end.
    this.#endsAt = endsAt > Date.now() ? endsAt : identity.expiresAt;
    this.#output = output;
    this.#hub = hub;
    this.#source = source;
    this.#waiting = waiting;
    this.#inspect = inspect;
    this.#isLost = cursor === 'lost';
    const from = cursor === 'lost' ? undefined : cursor;
    this.#epoch = from?.epoch ?? null;
    this.#chats = new Map(from?.chats);
    this.#mePts = from?.mePts ?? 0;
    this.#peoplePts = from?.peoplePts ?? 0;
  }

  get chats(): ReadonlySet<number> | undefined {
    return this.identity.narrowing?.chats;
  }

  get state(): string {
    if (this.#closed) return 'closing';
    return this.#isOpen ? 'ready' : 'attaching';
  }

  /** What the server keeps for the client at the moment. */
  get waitingBytes(): number {
    return this.#output.bufferedBytes + this.#asideBytes;
  }

  /** Attach first, then read. @throws as Hub.attach; SERVICE_UNAVAILABLE when it has been closed meanwhile. */
  async open(): Promise<void> {
    await this.#hub.attach(this);
    if (this.#closed) {
      this.#hub.detach(this);
      throw serviceUnavailable({ retryAfterSeconds: 1 });
    }
    this.#isOpen = true;
    this.#output.write(`retry: ${RECONNECT_MS}\n\n`);
    // A new stream begins with what happens from now on. A stream with a cursor first brings what was missed, piece by piece.
    if (this.#epoch !== null) {
      this.#runSync();
      return;
    }
    if (this.#isLost) this.#say({ type: 'resync' });
    await this.#sync(false);
  }

  deliver({ events }: FrameBatch): void {
    if (this.#closed) return;
    for (const event of events) this.#keepOrJudge(event);
    if (this.waitingBytes > this.#waiting.limitBytes) this.close(CLOSE.tooSlow);
  }

  tick(now: number): void {
    if (this.#closed) return;
    if (now > this.#endsAt) this.#expire();
    else if (!this.#cursorSaid && now - this.#saidAt >= CURSOR_MS) this.#sayCursor();
    else if (now - this.#saidAt >= HEARTBEAT_MS) {
      this.#saidAt = now;
      this.#output.write(':\n\n');
    }
  }

  /** The stream ends: HTTP has no place for the reason. */
  close({ code }: Close): void {
    if (this.#closed) return;
    closedCount.inc({ code });
    this.closed();
    this.#output.end();
  }

  /** The client is gone. */
  closed(): void {
    this.#closed = true;
    this.#hub.detach(this);
  }

  /** The last event is the reason, behind an id from which the client goes on with another token. */
  #expire(): void {
    if (this.#isOpen) {
      if (this.#epoch !== null) this.#sayCursor();
      this.#say({ type: 'token.expiring', expires_at: new Date(this.identity.expiresAt).toISOString() });
    }
    this.close(CLOSE.tokenExpired);
  }

  #judge(event: EncodedEvent): void {
    const { role, chatId, pts, mePts, peoplePts, removed = [] } = event.head;
    if (role === 'resync') this.#startSync();
    else if (mePts !== undefined) this.#judgeOwn(mePts, event);
    else if (peoplePts !== undefined) this.#judgePeople(peoplePts, event);
    else if (chatId === undefined || pts === undefined) this.#emit(event.text);
    else {
      const mine = this.#chats.get(chatId);
      if (mine !== undefined && pts <= mine) return;
      // For a chat that the client has already this is only a hint: the changes in between came otherwise, or are yet to come.
      const follows = role === 'welcome' ? mine === undefined : role === undefined && pts === (mine ?? 0) + 1;
      if (!follows) {
        this.#startSync();
        return;
      }
      if (removed.includes(this.userId)) this.#chats.delete(chatId);
      else this.#chats.set(chatId, pts);
      this.#emit(event.text);
    }
  }

  #judgeOwn(mePts: number, { head: { role }, text }: EncodedEvent): void {
    if (mePts <= this.#mePts) return;
    if (role !== undefined || mePts !== this.#mePts + 1) {
      this.#startSync();
      return;
    }
    this.#mePts = mePts;
    this.#emit(text);
  }

  /** Only changes of people with whom the user shares a chat come, so that the numbers have gaps. */
  #judgePeople(peoplePts: number, { text }: EncodedEvent): void {
    if (peoplePts <= this.#peoplePts) return;
    this.#peoplePts = peoplePts;
    this.#emit(text);
  }

  #startSync(): void {
    if (this.#aside) {
      this.#syncAgain = true;
      return;
    }
    this.#aside = [];
    this.#runSync();
  }

  #runSync(): void {
    this.#sync(true).catch(() => {
      // The client reconnects, and goes on from its cursor.
      this.close(CLOSE.unavailable);
    });
  }

  /** @param says whether what is found is told, or only where the chats stand. */
  async #sync(says: boolean): Promise<void> {
    for (let more = true; more && !this.#closed;) {
      this.#syncAgain = false;
      const chats = Object.fromEntries(this.#chats);
      const numbers = { me_pts: this.#mePts, people_pts: this.#peoplePts };
      const answer = await this.#source.sync(this.userId, { epoch: this.#epoch, chats, ...numbers }, this.chats);
      if (this.#epoch !== null && answer.epoch !== this.#epoch) {
        this.#chats.clear();
        this.#mePts = 0;
        this.#peoplePts = 0;
        this.#say({ type: 'reset' });
      }
      this.#epoch = answer.epoch;
      await this.#take(answer, says);
      if (says) {
        // A client that is cut off here resumes from here.
        this.#sayCursor();
        await this.#output.drained();
      }
      const parts = [answer, ...answer.chats, answer.me, answer.people];
      more = parts.some((part) => part?.has_more) || this.#isAskedForMore();
    }
    if (!says) this.#sayCursor();
    const aside = this.#aside ?? [];
    this.#aside = undefined;
    this.#asideBytes = 0;
    for (const event of aside) this.#keepOrJudge(event);
  }

  /** Events that came during the sync may have asked for another. */
  #isAskedForMore(): boolean {
    return this.#syncAgain;
  }

  /** During a sync what comes is kept until it is done. */
  #keepOrJudge(event: EncodedEvent): void {
    if (this.#aside) {
      this.#aside.push(event);
      this.#asideBytes += event.text.length;
    } else this.#judge(event);
  }

  async #take({ joined, left, chats, me, people }: Synced, says: boolean): Promise<void> {
    const say = (event: object) => {
      if (says) this.#say(event);
    };
    for (const chat_id of left) {
      this.#chats.delete(chat_id);
      say({ type: 'chat.left', chat_id });
    }
    if (says) await this.#sayJoined(joined);
    else for (const { id, pts } of joined) this.#chats.set(id, pts);
    for (const { chat_id, pts, too_long, changes } of chats) {
      this.#chats.set(chat_id, pts);
      if (too_long) say({ type: 'chat.too_long', chat_id, pts });
      for (const { type, pts: changed, data } of changes) say({ type, chat_id, pts: changed, data });
    }
    if (me) {
      // A reset of everything has included this.
      if (me.reset && this.#mePts > 0) say({ type: 'me.reset' });
      for (const change of me.changes) say(change);
      this.#mePts = me.me_pts;
    }
    if (people) {
      if (people.reset && this.#peoplePts > 0) say({ type: 'people.reset' });
      for (const data of people.profiles) say({ type: this.#source.profileType, data });
      this.#peoplePts = people.people_pts;
    }
  }

  async #sayJoined(joined: Synced['joined']): Promise<void> {
    for (const { id: chat_id } of joined) {
      if (this.#closed) return;
      const chat = await this.#source.chat(this.userId, chat_id);
      // The user has left again meanwhile.
      if (!chat) continue;
      this.#chats.set(chat_id, chat.pts);
      this.#say({ type: 'chat.created', chat_id, pts: chat.pts, data: chat });
      // A chat of thousands of people takes half a megabyte.
      await this.#output.drained();
    }
  }

  #say(event: object): void {
    this.#emit(JSON.stringify(event));
  }

  #emit(text: string): void {
    this.#inspect?.('stream', text);
    this.#output.write(`data: ${text}\n\n`);
    this.#cursorSaid = false;
    this.#unsaidBytes += text.length;
    if (this.#unsaidBytes > CURSOR_BYTES && !this.#aside) this.#sayCursor();
  }

  #sayCursor(): void {
    this.#saidAt = Date.now();
    this.#cursorSaid = true;
    this.#unsaidBytes = 0;
    const position = { epoch: this.#epoch ?? '', chats: this.#chats, mePts: this.#mePts, peoplePts: this.#peoplePts };
    this.#output.write(`id: ${encodeCursor(position)}\n\n`);
  }
}
