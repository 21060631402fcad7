import { MessengerError } from './messenger-error.js';
import { CLOSE, SessionEnded, type Ending, type OnEvent, type Session } from './session.js';
import type { Timing } from './timing.js';
import type { TokenSource } from './token-source.js';
import type { ClientFrame, ServerFrame, SessionStart, SyncAnswer, SyncRequest } from './wire.js';

/** A token is renewed so long before its end, or a tenth of its life, whichever is longer. */
const RENEW_AHEAD_MS = 60_000;
const SUBPROTOCOL = 'messenger.v1';

type Frame = ServerFrame & { readonly ref?: string; readonly data?: unknown };

/** `GET /ws`. The token is the first frame: a browser can't set a header. */
export class SocketSession implements Session {
  readonly #socket: WebSocket;
  readonly #tokens: TokenSource;
  readonly #timing: Timing;
  readonly #onEvent: OnEvent;
  readonly kind = 'socket';
  readonly ended: Promise<Ending>;
  clockAheadMs = 0;
  #start: SessionStart | undefined;
  #refs = 0;
  #heardAt = Date.now();
  #silence: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #end!: (ending: Ending) => void;
  readonly #ended = new AbortController();
  readonly #waiting = new Map<string, { resolve: (data: unknown) => void; reject: (error: Error) => void }>();

  private constructor(
    socket: WebSocket,
    public token: string,
    tokens: TokenSource,
    timing: Timing,
    onEvent: OnEvent,
  ) {
    this.#socket = socket;
    this.#tokens = tokens;
    this.#timing = timing;
    this.#onEvent = onEvent;

    this.ended = new Promise((resolve) => (this.#end = resolve));
    socket.onmessage = ({ data }) => {
      this.#heardAt = Date.now();
      this.#receive(JSON.parse(String(data)) as Frame);
    };
    // Its close comes next.
    socket.onerror = () => undefined;
    socket.onclose = ({ code, reason }) => {
      this.#finish({ code, reason });
    };
  }

  /** @throws SessionEnded unless the server says that it is ready. */
  static open(
    url: string,
    Socket: typeof WebSocket,
    token: string,
    tokens: TokenSource,
    timing: Timing,
    onEvent: OnEvent,
  ): Promise<SocketSession> {
    return new Promise((resolve, reject) => {
      const socket = new Socket(`${url.replace(/^http/, 'ws')}/ws`, SUBPROTOCOL);
      const session = new SocketSession(socket, token, tokens, timing, onEvent);
      const timeout = setTimeout(() => {
        session.close();
      }, timing.openTimeoutMs);
      socket.onopen = () => {
        session.#ask({ type: 'authenticate', token }).then(
          () => {
            clearTimeout(timeout);
            session.#watch();
            resolve(session);
          },
          // Its end comes next.
          () => undefined,
        );
      };
      void session.ended.then((ending) => {
        clearTimeout(timeout);
        reject(new SessionEnded(ending));
      });
    });
  }

  get userId(): number {
    return this.#start?.user_id ?? 0;
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  async sync(request: SyncRequest): Promise<SyncAnswer> {
    return (await this.#ask({ type: 'sync', ...request })) as SyncAnswer;
  }

  #ask(frame: ClientFrame): Promise<unknown> {
    const ref = String(++this.#refs);
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => {
        this.close();
      }, this.#timing.answerTimeoutMs);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timeout);
          this.#waiting.delete(ref);
          then(value);
        };
      this.#waiting.set(ref, { resolve: settle(resolve), reject: settle(reject) });
      if (this.signal.aborted) this.#waiting.get(ref)?.reject(MessengerError.offline());
      else this.tell({ ...frame, ref });
    });
  }

  tell(frame: ClientFrame): void {
    if (this.#socket.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  check(): void {
    const askedAt = Date.now();
    this.tell({ type: 'ping' });
    setTimeout(() => {
      if (this.#heardAt < askedAt) this.close();
    }, this.#timing.pongMs);
  }

  close(): void {
    this.#socket.close();
    // A dead network does not say that the socket is closed.
    this.#finish({ code: CLOSE.gone });
  }

  #receive(frame: Frame): void {
    if (frame.type === 'ready') this.#ready(frame.data);
    if (frame.type === 'resync' || frame.ref === undefined) {
      if (frame.type !== 'error' && frame.type !== 'pong') this.#onEvent(frame as Parameters<OnEvent>[0]);
      return;
    }
    const waiting = this.#waiting.get(frame.ref);
    if (frame.type === 'error') waiting?.reject(MessengerError.of(frame.status_code, frame));
    else waiting?.resolve(frame.data);
  }

  #ready(start: SessionStart): void {
    this.#start = start;
    this.#tokens.accepted();
    this.clockAheadMs = Date.parse(start.server_time) - Date.now();
    // The server's own clock says how long the token is good: the one of the device may be wrong.
    const lifeMs = Date.parse(start.expires_at) - Date.parse(start.server_time);
    const aheadMs = Math.min(Math.max(RENEW_AHEAD_MS, lifeMs / 10), lifeMs / 2);
    this.#renewIn(lifeMs - aheadMs, lifeMs);
  }

  /** @param restMs how long the token is good at the most. */
  #renewIn(ms: number, restMs: number): void {
    clearTimeout(this.#renewal);
    // A timer takes no more than 24 days.
    const waitMs = Math.min(ms, 2 ** 31 - 1);
    this.#renewal = setTimeout(() => {
      if (waitMs < ms) this.#renewIn(ms - waitMs, restMs - waitMs);
      else void this.#renew(restMs - waitMs);
    }, waitMs);
  }

  /** In place: the session goes on. */
  async #renew(restMs: number): Promise<void> {
    const old = this.token;
    this.token = await this.#tokens.renew('expiring', old).catch(() => old);
    if (this.signal.aborted) return;
    if (this.token !== old) await this.#ask({ type: 'authenticate', token: this.token }).catch(() => undefined);
    // There was no other one to be had: there is some time left.
    else this.#renewIn(Math.max(restMs / 2, this.#timing.tokenFirstMs), restMs);
  }

  /** A browser does not see the server's pings: this notices a connection that is dead. */
  #watch(): void {
    const { silenceMs } = this.#timing;
    const wait = (ms: number) => {
      this.#silence = setTimeout(() => {
        const restMs = this.#heardAt + silenceMs - Date.now();
        if (restMs <= 0) this.check();
        wait(restMs > 0 ? restMs : silenceMs);
      }, ms);
    };
    wait(silenceMs);
  }

  #finish(ending: Ending): void {
    if (this.signal.aborted) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    clearTimeout(this.#silence);
    clearTimeout(this.#renewal);
    this.#ended.abort();
    for (const { reject } of [...this.#waiting.values()]) reject(MessengerError.offline());
    this.#end(ending);
  }
}
