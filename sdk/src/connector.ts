import type { Rest } from './rest.js';
import { CLOSE, SessionEnded, type Ending, type OnEvent, type Session } from './session.js';
import { SocketSession } from './socket-session.js';
import { StreamSession } from './stream-session.js';
import { backoffMs, sleep, type Timing } from './timing.js';
import { Topic } from './topic.js';
import type { TokenSource } from './token-source.js';

/** So many sockets in a row that did not open say that they may be blocked here. */
const BLOCKED = 2;
const SOCKET_RETRY_LONGEST_MS = 1_800_000;
/** A connection that has lasted so long was a good one. */
const GOOD_MS = 10_000;
const GOING_AWAY_MS = 2000;
const TOO_MANY_MS = 10_000;
/** A client that the server does not understand comes back no sooner: it may be served a mended one. */
const AT_FAULT_MS = 300_000;
/** A connection that was good for a moment only is no reason to begin at once again, nor to wait for long. */
const TRIES_AFTER_SHORT = 3;

/** Whether the client is connected; `ConnectionStatus` says what each means. */
export type ConnectionState = 'connecting' | 'online' | 'offline' | 'unauthorized';

/** How the connection is. */
export interface ConnectionStatus {
  /**
   * - `connecting`: for the first time, or after the connection was lost.
   * - `online`: everything up to now is here, and what happens arrives.
   * - `offline`: it could not connect, and tries again. Reading and writing go on.
   * - `unauthorized`: the user has to sign in again; then call `connect()`.
   */
  readonly state: ConnectionState;
  /** How it is connected. A stream brings everything but who is there, and can't say that the user writes. */
  readonly via?: 'socket' | 'stream' | undefined;
  /** Why the user is not authorized, such as `TOKEN_REVOKED` or `SIGNED_OUT`. */
  readonly reason?: string | undefined;
}

/** What is done with a session. */
export interface SessionUser {
  readonly onEvent: OnEvent;
  /** Settles when everything that was missed is there. */
  readonly start: (session: Session) => Promise<void>;
}

/** Keeps a connection to the server, whatever happens to it. */
export class Connector {
  readonly #url: string;
  readonly #Socket: typeof WebSocket | undefined;
  readonly #tokens: TokenSource;
  readonly #rest: Rest;
  readonly #timing: Timing;
  readonly #use: () => SessionUser;
  readonly #onEnded: () => void;
  readonly topic = new Topic();
  #status: ConnectionStatus = { state: 'connecting' };
  #session: Session | undefined;
  #stopping: AbortController | undefined;
  #waking = new AbortController();
  #tries = 0;
  /** Sockets in a row that did not open. */
  #failedSockets = 0;

  constructor(
    url: string,
    Socket: typeof WebSocket | undefined,
    tokens: TokenSource,
    rest: Rest,
    timing: Timing,
    use: () => SessionUser,
    onEnded: () => void,
  ) {
    this.#url = url;
    this.#Socket = Socket;
    this.#tokens = tokens;
    this.#rest = rest;
    this.#timing = timing;
    this.#use = use;
    this.#onEnded = onEnded;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  start(): void {
    if (this.#stopping) return;
    this.#stopping = new AbortController();
    this.#tries = this.#failedSockets = 0;
    this.#status = { state: 'connecting' };
    this.topic.touch();
    void this.#run(this.#stopping.signal);
  }

  stop(status: ConnectionStatus): void {
    this.#stopping?.abort();
    this.#stopping = undefined;
    this.#session?.close();
    this.#waking.abort();
    this.say(status);
  }

  /** The network seems to be back: there is no need to wait. */
  readonly wake = (): void => {
    this.#tries = 0;
    this.#waking.abort();
    this.#session?.check();
  };

  /** The network seems to be gone. */
  readonly lose = (): void => {
    this.#session?.close();
  };

  async #run(signal: AbortSignal): Promise<void> {
    const isStopped = () => signal.aborted;
    while (!isStopped()) {
      const { ending, lastedMs } = await this.#once(signal);
      if (isStopped()) return;
      const wasGood = lastedMs !== undefined;
      if (wasGood) this.#tries = lastedMs >= GOOD_MS ? 0 : Math.min(this.#tries, TRIES_AFTER_SHORT);
      const waitMs = Math.max(this.#delayMs(ending), this.#tokens.waitMs);
      this.#tries++;
      this.say({ state: wasGood ? 'connecting' : 'offline' });
      this.#waking = new AbortController();
      await sleep(waitMs, AbortSignal.any([signal, this.#waking.signal]));
    }
  }

  /** One connection, from its beginning to its end. `lastedMs` is undefined when it did not come about. */
  async #once(signal: AbortSignal): Promise<{ ending: Ending; lastedMs?: number }> {
    let startedAt: number | undefined;
    try {
      const token = await this.#tokens.get();
      if (signal.aborted) return { ending: { code: CLOSE.gone } };
      let { session, user } = await this.#open(token);
      startedAt = Date.now();
      for (;;) {
        const next = await this.#live(session, user, signal);
        if ('code' in next) {
          this.#refuse(session.token, next);
          return { ending: next, lastedMs: Date.now() - startedAt };
        }
        ({ session, user } = next);
      }
    } catch (error) {
      const ending = error instanceof SessionEnded ? error.ending : { code: CLOSE.gone };
      return { ending, ...(startedAt !== undefined && { lastedMs: Date.now() - startedAt }) };
    }
  }

  /** @returns how it ended, or the socket in its place. */
  async #live(session: Session, user: SessionUser, signal: AbortSignal) {
    this.#session = session;
    const close = () => {
      session.close();
    };
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
    void user.start(session).then(() => {
      if (this.#session === session && !session.signal.aborted) this.say({ state: 'online', via: session.kind });
    }, close);
    const better = new AbortController();
    const ended = session.ended.then((ending) => {
      better.abort();
      return ending;
    });
    const next = await Promise.race(session.kind === 'stream' ? [ended, this.#socketAgain(better.signal)] : [ended]);
    signal.removeEventListener('abort', close);
    this.#session = undefined;
    close();
    this.#onEnded();
    return next;
  }

  async #open(token: string) {
    if (!this.#Socket) return await this.#openStream(token);
    try {
      return await this.#openSocket(token);
    } catch (error) {
      // A network that is back by now is no reason to do without sockets.
      if (this.#failedSockets < BLOCKED) throw error;
    }
    return await this.#openStream(token);
  }

  async #openSocket(token: string) {
    const user = this.#use();
    // The caller has looked whether there are sockets.
    const Socket = this.#Socket ?? WebSocket;
    try {
      const session = await SocketSession.open(this.#url, Socket, token, this.#tokens, this.#timing, user.onEvent);
      this.#failedSockets = 0;
      return { session, user };
    } catch (error) {
      if (error instanceof SessionEnded) {
        // A server that says why it does not take a socket is one that can be reached.
        this.#failedSockets = error.ending.code === CLOSE.gone ? this.#failedSockets + 1 : 0;
        this.#refuse(token, error.ending);
      }
      throw error;
    }
  }

  async #openStream(token: string) {
    const user = this.#use();
    return { session: await StreamSession.open(this.#rest, token, this.#timing, user.onEvent), user };
  }

  /** Tries sockets again for as long as a stream has to do: soon at first, for perhaps it was the network. */
  async #socketAgain(signal: AbortSignal) {
    const isOver = () => signal.aborted;
    for (let tries = 0; ; tries++) {
      const waitMs = Math.min(this.#timing.socketRetryMs * 2 ** tries, SOCKET_RETRY_LONGEST_MS);
      await sleep(waitMs, signal);
      if (isOver() || !this.#Socket) return await new Promise<never>(() => undefined);
      try {
        const opened = await this.#openSocket(await this.#tokens.get());
        if (!isOver()) return opened;
        opened.session.close();
      } catch {
        // The stream goes on.
      }
    }
  }

  #refuse(token: string, { code, reason }: Ending): void {
    if (code === CLOSE.revoked) {
      this.#tokens.refused(token, reason?.includes('suspended') ? 'USER_SUSPENDED' : 'TOKEN_REVOKED');
    } else if (code === CLOSE.notAuthorized || code === CLOSE.tokenExpired) this.#tokens.refused(token);
  }

  /** The table of close codes in docs/realtime.md. */
  #delayMs({ code }: Ending): number {
    if (CLOSE.malformed.includes(code)) return AT_FAULT_MS;
    if (this.#tries === 0 && code === CLOSE.goingAway) return Math.random() * GOING_AWAY_MS;
    if (this.#tries === 0 && CLOSE.comeAtOnce.includes(code)) return 0;
    const { backoffFirstMs, backoffLongestMs } = this.#timing;
    const waitMs = backoffMs(this.#tries, backoffFirstMs, backoffLongestMs);
    return code === CLOSE.tooMany ? TOO_MANY_MS * (1 + Math.random()) + waitMs : waitMs;
  }

  /** How things are: here, or in the tab that has the connection. */
  say(status: ConnectionStatus): void {
    const { state, via, reason } = this.#status;
    // What could not connect stays offline while it tries again.
    const next = state === 'offline' && status.state === 'connecting' && this.#stopping ? this.#status : status;
    if (next.state === state && next.via === via && next.reason === reason) return;
    this.#status = next;
    this.topic.touch();
  }
}
