import { randomUUID } from 'node:crypto';
import { isTooDeep } from '../shared/json.js';
import { takeApart } from '../shared/large-inputs.js';
import { CLOSE, type Close } from './close-codes.js';
import { Chunk } from './chunk.js';
import type { Flusher } from './flusher.js';
import type { Hub } from './hub.js';
import type { Presence } from './presence.js';
import type { FrameValidators } from './frame-validators.js';
import type { ClientFrame } from './protocol.js';
import type { Listener } from './user-listeners.js';
import type { WaitingBytes } from './waiting-bytes.js';

/** The socket that a session speaks over. */
export interface Connection {
  /** Hands the frames over in one write. */
  write(chunks: readonly Chunk[]): void;
  /** How much has been handed over and not been taken by the network. */
  readonly bufferedBytes: number;
  /** How much has come from the client since the connection began. */
  readonly receivedBytes: number;
  /** Settles when the network has taken it, or never will. */
  drained(): Promise<void>;
  /** No more frames are read until resume. */
  pause(): void;
  resume(): void;
  ping(): void;
  close(close: Close): void;
  destroy(): void;
}

/** Whose token it is, and until when, in ms since 1970. */
export interface Identity {
  readonly userId: number;
  readonly expiresAt: number;
}

/** What every session needs. */
export interface SessionServices {
  readonly hub: Hub;
  readonly flusher: Flusher;
  readonly frames: FrameValidators;
  /** undefined: the token is not valid. */
  readonly identify: (token: string) => Identity | undefined;
  readonly epoch: () => Promise<string>;
  /** Counts a request of the user. @throws TOO_MANY_REQUESTS */
  readonly admit: (userId: number) => Promise<void>;
  readonly waiting: WaitingBytes;
  readonly presence: Presence;
  /** Tells the others in the chat; false: the user is not in it. */
  readonly typing: (userId: number, chatId: number) => Promise<boolean>;
  /** The error as a client sees it; what is the server's fault goes to the log under that id. */
  readonly describeError: (
    error: unknown,
    requestId: string,
  ) => { readonly status_code: number; readonly details: unknown };
}

type State =
  | { readonly phase: 'waiting' }
  | { readonly phase: 'attaching'; readonly identity: Identity }
  | { readonly phase: 'ready'; readonly identity: Identity }
  | { readonly phase: 'closing'; readonly since: number }
  | { readonly phase: 'closed' };

/** By the status with which a request would be answered. */
const CLOSES: Readonly<Record<number, Close>> = { 401: CLOSE.notAuthorized, 429: CLOSE.tooMany };

const AUTHENTICATION_MS = 5000;
const HEARTBEAT_MS = 20_000;
const SILENCE_MS = 2 * HEARTBEAT_MS;
/** Whoever does not answer a close is cut off. */
const CLOSING_MS = 2000;
/** A client whose answers wait for longer than this is asked nothing more until it has read them. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Whoever has not taken all that waits for them for so long gets no more. */
const STALLED_MS = 60_000;
/** So many frames, or so much of them, may wait for the one that is being carried out; then no more are read. */
const MAX_INBOX = 32;
const MAX_INBOX_LENGTH = 32 * 1024;
const FRAMES_PER_SECOND = 100;
const MAX_BURST = 500;

/** One connection of a client: waiting for a token, attaching to the chats of its user, ready, closing, closed. */
export class Session implements Listener {
  readonly #connection: Connection;
  readonly #services: SessionServices;
  #state: State = { phase: 'waiting' };
  #userId = 0;
  readonly #openedAt = Date.now();
  #heardAt = Date.now();
  #pingedAt = Date.now();
  /** As they came: what is parsed may take twenty times the room. */
  #inbox: string[] = [];
  #inboxLength = 0;
  /** What had been received when the last frame was there: what came since is a part of the next one. */
  #receivedWithFrames = 0;
  #working = false;
  #burst = MAX_BURST;
  #burstAt = Date.now();
  #outbox: Chunk[] = [];
  /** Of the answers in the outbox, and of those that the network may not have taken. */
  #dueAnswerBytes = 0;
  #answerBytes = 0;
  /** When nothing was waiting for the client. */
  #drainedAt = Date.now();

  constructor(connection: Connection, services: SessionServices) {
    this.#connection = connection;
    this.#services = services;
  }

  /** 0: not known yet. */
  get userId(): number {
    return this.#userId;
  }

  /** What the server keeps for the client at the moment: frames that it has not read, and those that wait for their turn. */
  get waitingBytes(): number {
    const unfinished = this.#connection.receivedBytes - this.#receivedWithFrames;
    return this.#connection.bufferedBytes + this.#inboxLength + unfinished;
  }

  /** Who it is, when the request that opened the socket had a token. Frames wait until they are ready. */
  async authenticate(identity: Identity): Promise<void> {
    this.#working = true;
    await this.#attach(identity, undefined);
    await this.#work();
  }

  /** A sign of life that is no frame. */
  heard(): void {
    this.#heardAt = Date.now();
    this.#receivedWithFrames = this.#connection.receivedBytes;
  }

  receive(text: string): void {
    this.heard();
    if (this.#state.phase === 'closing' || this.#state.phase === 'closed') return;
    if (!this.#allowed()) {
      this.close(CLOSE.tooMany);
      return;
    }
    this.#inbox.push(text);
    this.#inboxLength += text.length;
    if (this.#inbox.length >= MAX_INBOX || this.#inboxLength >= MAX_INBOX_LENGTH) this.#connection.pause();
    if (!this.#working) void this.#work();
  }

  deliver(chunk: Chunk): void {
    // Not before it is ready, nor after it has been closed.
    if (this.#state.phase !== 'ready') return;
    this.#outbox.push(chunk);
    this.#services.flusher.add(this);
  }

  flush(): void {
    if (this.#outbox.length === 0 || this.#state.phase === 'closed') return;
    const waiting = this.#connection.bufferedBytes;
    if (waiting === 0) this.#answerBytes = 0;
    const chunks = this.#outbox;
    this.#outbox = [];
    // An answer may be larger than what may wait: it has been asked for.
    if (waiting > this.#services.waiting.limitBytes + this.#answerBytes) {
      this.close(CLOSE.tooSlow);
      return;
    }
    this.#answerBytes += this.#dueAnswerBytes;
    this.#dueAnswerBytes = 0;
    this.#connection.write(chunks);
  }

  /** Called once in a while: whatever has a deadline is looked after here, without a timer for each. */
  tick(now: number): void {
    switch (this.#state.phase) {
      case 'waiting':
        if (now - this.#openedAt > AUTHENTICATION_MS) this.close(CLOSE.notAuthenticated);
        break;
      case 'attaching':
      case 'ready':
        if (this.#connection.bufferedBytes === 0) this.#drainedAt = now;
        if (now > this.#state.identity.expiresAt) this.close(CLOSE.tokenExpired);
        else if (now - this.#drainedAt > STALLED_MS) this.close(CLOSE.tooSlow);
        else if (now - this.#heardAt > SILENCE_MS) this.close(CLOSE.silent);
        else if (now - this.#pingedAt > HEARTBEAT_MS) {
          this.#pingedAt = now;
          this.#connection.ping();
        }
        break;
      case 'closing':
        if (now - this.#state.since > CLOSING_MS) this.#connection.destroy();
        break;
      case 'closed':
    }
  }

  close(close: Close): void {
    if (this.#state.phase === 'closing' || this.#state.phase === 'closed') return;
    this.#detach();
    this.#state = { phase: 'closing', since: Date.now() };
    this.#emptyInbox();
    // Nothing may follow the close.
    if (this.#outbox.length > 0) this.#connection.write(this.#outbox);
    this.#outbox = [];
    this.#connection.close(close);
    // So that its close can be read.
    this.#connection.resume();
  }

  /** The socket is gone. */
  closed(): void {
    this.#detach();
    this.#state = { phase: 'closed' };
    this.#emptyInbox();
    this.#outbox = [];
  }

  #emptyInbox(): void {
    this.#inbox = [];
    this.#inboxLength = 0;
  }

  #detach(): void {
    this.#services.presence.forget(this);
    this.#services.hub.detach(this);
  }

  #is(phase: State['phase']): boolean {
    return this.#state.phase === phase;
  }

  #allowed(): boolean {
    const now = Date.now();
    this.#burst = Math.min(MAX_BURST, this.#burst + ((now - this.#burstAt) / 1000) * FRAMES_PER_SECOND);
    this.#burstAt = now;
    return --this.#burst >= 0;
  }

  /** One after the other, in the order in which they came. */
  async #work(): Promise<void> {
    this.#working = true;
    for (let text = this.#inbox.shift(); text !== undefined; text = this.#inbox.shift()) {
      this.#inboxLength -= text.length;
      if (this.#inbox.length === MAX_INBOX / 2) this.#connection.resume();
      await this.#take(text);
      if (this.#answerBytes + this.#dueAnswerBytes > MAX_ANSWER_BYTES) {
        // Whoever asks for more than they read waits.
        this.flush();
        await this.#connection.drained();
      }
    }
    this.#connection.resume();
    this.#working = false;
  }

  async #take(text: string): Promise<void> {
    let frame: ClientFrame | undefined;
    let refusal: unknown;
    try {
      await takeApart(this.#userId, text.length, () => {
        frame = parse(text);
        try {
          if (frame) this.#services.frames.check(frame);
        } catch (error) {
          refusal = error;
        }
      });
    } catch {
      this.close(CLOSE.tooMany);
      return;
    }
    if (frame) await this.#carryOut(frame, refusal);
    else this.close(CLOSE.malformed);
  }

  /** @param refusal why the frame is not as it must be; undefined: it is. */
  async #carryOut(frame: ClientFrame, refusal: unknown): Promise<void> {
    const requestId = randomUUID();
    const ref = typeof frame.ref === 'string' ? frame.ref : undefined;
    try {
      if (refusal !== undefined) throw refusal as Error;
      if (frame.type === 'authenticate') {
        await this.#authenticateBy((frame as ClientFrame & { token: string }).token, ref);
        return;
      }
      const state = this.#state;
      if (state.phase !== 'ready') {
        this.close(CLOSE.notAuthorized);
        return;
      }
      await this.#answerRequest(frame, state.identity.userId, ref);
    } catch (error) {
      this.#answer({ type: 'error', ref, ...this.#services.describeError(error, requestId) });
    }
  }

  async #answerRequest(frame: ClientFrame, userId: number, ref: string | undefined): Promise<void> {
    const { frames, presence, typing } = this.#services;
    if (frame.type === 'ping') {
      this.#answer({ type: 'pong', ref });
      return;
    }
    await this.#services.admit(userId);
    // The connection may have ended meanwhile.
    if (!this.#is('ready')) return;
    if (frame.type === 'typing') {
      const { chat_id } = frame as ClientFrame & { chat_id: number };
      if (!(await typing(userId, chat_id))) throw frames.unknownChat();
    } else if (frame.type === 'presence.subscribe') {
      const data = await presence.watch(this, (frame as PresenceFrame).user_ids);
      this.#answer({ type: 'presence.subscribe.done', ref, data });
    } else if (frame.type === 'presence.unsubscribe') {
      presence.unwatch(this, (frame as PresenceFrame).user_ids);
      this.#answer({ type: 'presence.unsubscribe.done', ref });
    } else {
      this.#answer({ type: `${frame.type}.done`, ref, data: await frames.handle(userId, frame) });
    }
  }

  async #authenticateBy(token: string, ref: string | undefined): Promise<void> {
    const identity = this.#services.identify(token);
    const state = this.#state;
    if (!identity) this.close(CLOSE.notAuthorized);
    else if (state.phase === 'waiting') await this.#attach(identity, ref);
    else if (state.phase !== 'ready' || state.identity.userId !== identity.userId) this.close(CLOSE.notAuthorized);
    else {
      this.#state = { phase: 'ready', identity };
      this.#answerReady(identity, await this.#services.epoch(), ref);
    }
  }

  async #attach(identity: Identity, ref: string | undefined): Promise<void> {
    this.#state = { phase: 'attaching', identity };
    this.#userId = identity.userId;
    try {
      await this.#services.hub.attach(this);
      const epoch = await this.#services.epoch();
      if (!this.#is('attaching')) return;
      this.#state = { phase: 'ready', identity };
      this.#answerReady(identity, epoch, ref);
    } catch (error) {
      const requestId = randomUUID();
      const { status_code } = this.#services.describeError(error, requestId);
      this.close(CLOSES[status_code] ?? CLOSE.unavailable);
    } finally {
      // It may have been closed before there was anything to detach.
      if (!this.#is('ready')) this.#detach();
    }
  }

  #answerReady({ userId, expiresAt }: Identity, epoch: string, ref: string | undefined): void {
    const expires_at = new Date(expiresAt).toISOString();
    const data = { user_id: userId, epoch, expires_at, heartbeat_seconds: HEARTBEAT_MS / 1000 };
    this.#answer({ type: 'ready', ref, data });
  }

  #answer(frame: object): void {
    if (this.#state.phase === 'closing' || this.#state.phase === 'closed') return;
    const chunk = new Chunk([JSON.stringify(frame)]);
    this.#dueAnswerBytes += chunk.bytes.length;
    this.#outbox.push(chunk);
    this.#services.flusher.add(this);
  }
}

type PresenceFrame = ClientFrame & { readonly user_ids: number[] };

function parse(text: string): ClientFrame | undefined {
  try {
    const frame: unknown = isTooDeep(text) ? undefined : JSON.parse(text);
    return typeof frame === 'object' && frame !== null && 'type' in frame && typeof frame.type === 'string'
      ? (frame as ClientFrame)
      : undefined;
  } catch {
    return undefined;
  }
}
