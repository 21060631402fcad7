import { randomUUID } from 'node:crypto';
import { FrameBatch } from '../delivery/frame-batch.js';
import type { Hub } from '../delivery/hub.js';
import type { Listener } from '../delivery/user-channel.js';
import type { WriteBatcher } from '../delivery/write-batcher.js';
import { closedCount, frameCount } from '../../shared/metrics.js';
import { CLOSE, type Close } from '../protocol/close-codes.js';
import { EncodedEvent } from '../protocol/event.js';
import type { FrameHandler } from '../protocol/frame-handler.js';
import { AUTHENTICATE, type FrameHandlers } from '../protocol/frame-handlers.js';
import type { Identity } from '../../shared/credential.js';
import { isSameNarrowing, refusalOfNarrowed } from '../../shared/narrowing.js';
import type { Connection, InspectFrame } from './connection.js';
import { HEARTBEAT_MS, Heartbeat } from './heartbeat.js';
import { Inbox } from './inbox.js';
import { Outbox } from './outbox.js';
import { errorFrame, readRequest, type DescribeError, type Request } from './requests.js';
import type { WaitingBytes } from './waiting-bytes.js';

/** What every session needs. */
export interface SessionServices {
  readonly hub: Hub;
  readonly writes: WriteBatcher;
  readonly frames: FrameHandlers;
  /** undefined: the token is not valid. */
  readonly identify: (token: string) => Promise<Identity | undefined>;
  readonly epoch: () => Promise<string>;
  /** Counts a request of the user. @throws TOO_MANY_REQUESTS */
  readonly admit: (userId: number) => Promise<void>;
  readonly waiting: WaitingBytes;
  /** The session has ended: nobody needs to tell it anything any more. */
  readonly forget: (session: Listener) => void;
  readonly describeError: DescribeError;
  readonly inspect: InspectFrame | undefined;
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
/** A client that does not answer a close is cut off. */
const CLOSING_MS = 2000;

/** One connection of a client: waiting for a token, attaching to the chats of its user, ready, closing, closed. */
export class Session implements Listener {
  readonly kind = 'socket';
  readonly #connection: Connection;
  readonly #services: SessionServices;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #heartbeat = new Heartbeat();
  readonly #openedAt = performance.now();
  #state: State = { phase: 'waiting' };
  #userId = 0;
  #chats: ReadonlySet<number> | undefined;
  #working = false;

  constructor(connection: Connection, services: SessionServices) {
    this.#connection = connection;
    this.#services = services;
    this.#inbox = new Inbox(connection);
    this.#outbox = new Outbox(connection, services.inspect);
  }

  get state(): string {
    return this.#state.phase;
  }

  /** 0: not known yet. */
  get userId(): number {
    return this.#userId;
  }

  get chats(): ReadonlySet<number> | undefined {
    return this.#chats;
  }

  /** Whose token it has; undefined while nobody has authenticated, and once it is over. */
  get identity(): Identity | undefined {
    return 'identity' in this.#state ? this.#state.identity : undefined;
  }

  /** What the server keeps for the client at the moment: frames that it has not read, and frames that wait for their turn. */
  get waitingBytes(): number {
    return this.#connection.bufferedBytes + this.#inbox.waitingBytes;
  }

  /** Who it is, when the request that opened the socket had a token. Frames wait until they are ready. */
  async authenticate(identity: Identity): Promise<void> {
    this.#working = true;
    await this.#attach(identity, undefined);
    await this.#work();
  }

  /** A sign of life that is no frame. */
  heard(): void {
    this.#heartbeat.heard();
    this.#inbox.sawFrame();
  }

  receive(text: string): void {
    this.heard();
    if (this.#isOver) return;
    if (!this.#inbox.count()) {
      this.close(CLOSE.tooMany);
      return;
    }
    this.#inbox.push(text);
    if (!this.#working) void this.#work();
  }

  deliver(batch: FrameBatch): void {
    // Not before it is ready, nor after it has been closed.
    if (this.#state.phase !== 'ready') return;
    this.#outbox.add(batch);
    this.#services.writes.add(this);
  }

  flush(): void {
    if (this.#state.phase === 'closed') return;
    if (!this.#outbox.flush(this.#services.waiting.limitBytes)) this.close(CLOSE.tooSlow);
  }

  /** Called regularly: checks all deadlines here, without a timer for each. @param now by the clock of the tokens. */
  tick(now: number): void {
    switch (this.#state.phase) {
      case 'waiting':
        if (performance.now() - this.#openedAt > AUTHENTICATION_MS) this.close(CLOSE.notAuthenticated);
        break;
      case 'attaching':
      case 'ready':
        if (now > this.#state.identity.expiresAt) this.close(CLOSE.tokenExpired);
        else this.#beat();
        break;
      case 'closing':
        if (performance.now() - this.#state.since > CLOSING_MS) this.#connection.destroy();
        break;
      case 'closed':
    }
  }

  close(close: Close): void {
    if (this.#isOver) return;
    this.#detach();
    this.#state = { phase: 'closing', since: performance.now() };
    this.#inbox.clear();
    // Nothing may follow the close.
    this.#outbox.write();
    this.#connection.close(close);
    closedCount.inc({ code: close.code });
    // Go on reading, so that the client's close arrives.
    this.#connection.resume();
  }

  /** The socket is gone. */
  closed(): void {
    this.#detach();
    this.#state = { phase: 'closed' };
    this.#inbox.clear();
    this.#outbox.clear();
  }

  get #isOver(): boolean {
    return this.#state.phase === 'closing' || this.#state.phase === 'closed';
  }

  #is(phase: State['phase']): boolean {
    return this.#state.phase === phase;
  }

  #beat(): void {
    switch (this.#heartbeat.tick(this.#connection.bufferedBytes)) {
      case 'stalled':
        this.close(CLOSE.tooSlow);
        break;
      case 'silent':
        this.close(CLOSE.silent);
        break;
      case 'ping':
        this.#connection.ping();
        break;
      case undefined:
    }
  }

  #detach(): void {
    this.#services.forget(this);
    this.#services.hub.detach(this);
  }

  /** Carries out what is in the inbox, one after the other. */
  async #work(): Promise<void> {
    this.#working = true;
    for (let text = this.#inbox.next(); text !== undefined; text = this.#inbox.next()) {
      await this.#take(text);
      if (this.#outbox.isFullOfAnswers) {
        this.flush();
        await this.#connection.drained();
      }
    }
    this.#connection.resume();
    this.#working = false;
  }

  async #take(text: string): Promise<void> {
    let request: Request | undefined;
    try {
      request = await readRequest(this.#userId, text, this.#services.frames);
    } catch {
      this.close(CLOSE.tooMany);
      return;
    }
    if (request) await this.#carryOut(request);
    else this.close(CLOSE.malformed);
  }

  async #carryOut({ ref, frame, handler }: Request): Promise<void> {
    try {
      if ('refusal' in handler) throw handler.refusal as Error;
      if (handler === AUTHENTICATE) await this.#authenticateBy((frame as unknown as { token: string }).token, ref);
      else if (this.#is('ready')) await this.#answerRequest(handler, frame, ref);
      else this.close(CLOSE.notAuthorized);
      frameCount.inc({ type: handler.type, status: 200 });
    } catch (error) {
      const answer = errorFrame(error, ref, this.#services.describeError);
      frameCount.inc({ type: 'refusal' in handler ? 'invalid' : handler.type, status: answer.status_code });
      this.#answer(answer);
    }
  }

  async #answerRequest(handler: FrameHandler, frame: unknown, ref: string | undefined): Promise<void> {
    if (!handler.isFree) await this.#services.admit(this.#userId);
    // The connection may have ended meanwhile.
    if (this.#state.phase !== 'ready') return;
    const { narrowing } = this.#state.identity;
    const refusal = narrowing && refusalOfNarrowed(narrowing, handler.narrowed, chatOf(frame));
    if (refusal) throw refusal;
    const data = await handler.handle({ userId: this.#userId, connection: this }, frame);
    if (handler.answer) this.#answer({ type: handler.answer.type, ref, data });
  }

  async #authenticateBy(token: string, ref: string | undefined): Promise<void> {
    const identity = await this.#services.identify(token);
    const state = this.#state;
    if (!identity) this.close(CLOSE.notAuthorized);
    else if (state.phase === 'waiting') await this.#attach(identity, ref);
    else if (state.phase !== 'ready' || !mayReplace(state.identity, identity)) this.close(CLOSE.notAuthorized);
    else {
      this.#state = { phase: 'ready', identity };
      this.#answerReady(identity, await this.#services.epoch(), ref);
    }
  }

  async #attach(identity: Identity, ref: string | undefined): Promise<void> {
    this.#state = { phase: 'attaching', identity };
    this.#userId = identity.userId;
    this.#chats = identity.narrowing?.chats;
    try {
      await this.#services.hub.attach(this);
      const epoch = await this.#services.epoch();
      if (!this.#is('attaching')) return;
      this.#state = { phase: 'ready', identity };
      this.#answerReady(identity, epoch, ref);
    } catch (error) {
      const { status_code } = this.#services.describeError(error, randomUUID());
      this.close(CLOSES[status_code] ?? CLOSE.unavailable);
    } finally {
      // It may have been closed before there was anything to detach.
      if (!this.#is('ready')) this.#detach();
    }
  }

  #answerReady({ userId, expiresAt }: Identity, epoch: string, ref: string | undefined): void {
    const times = { expires_at: new Date(expiresAt).toISOString(), server_time: new Date().toISOString() };
    const data = { user_id: userId, epoch, ...times, heartbeat_seconds: HEARTBEAT_MS / 1000 };
    this.#answer({ type: 'ready', ref, data });
  }

  #answer(frame: object): void {
    if (this.#isOver) return;
    this.#outbox.addAnswer(new FrameBatch([EncodedEvent.ofFrame(frame)]));
    this.#services.writes.add(this);
  }
}

/** A token in place of another: what its user gets stays the same, so that nothing is missed. */
function mayReplace(before: Identity, after: Identity): boolean {
  return before.userId === after.userId && isSameNarrowing(before.narrowing, after.narrowing);
}

function chatOf(frame: unknown): unknown {
  return (frame as { chat_id?: unknown }).chat_id;
}
