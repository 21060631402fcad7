import { EventBlocks } from './event-blocks.js';
import { MessengerError } from './messenger-error.js';
import type { Rest } from './rest.js';
import { CLOSE, SessionEnded, type Ending, type OnEvent, type Session } from './session.js';
import { sleep, type Timing } from './timing.js';
import type { StreamEvent, SyncAnswer, SyncRequest, User } from './wire.js';

/** `GET /events`, and `POST /sync` for what was missed: where sockets are blocked. */
export class StreamSession implements Session {
  readonly #rest: Rest;
  readonly #timing: Timing;
  readonly #onEvent: OnEvent;
  readonly #controller: AbortController;
  readonly kind = 'stream';
  readonly ended: Promise<Ending>;
  readonly clockAheadMs = 0;
  #end!: (ending: Ending) => void;
  #timeout: ReturnType<typeof setTimeout> | undefined;
  readonly #blocks = new EventBlocks();

  private constructor(
    readonly userId: number,
    readonly token: string,
    rest: Rest,
    timing: Timing,
    onEvent: OnEvent,
    controller: AbortController,
  ) {
    this.#rest = rest;
    this.#timing = timing;
    this.#onEvent = onEvent;
    this.#controller = controller;

    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** @throws SessionEnded unless the stream begins. */
  static async open(rest: Rest, token: string, timing: Timing, onEvent: OnEvent): Promise<StreamSession> {
    const controller = new AbortController();
    void sleep(timing.openTimeoutMs, controller.signal).then(() => {
      if (!session) controller.abort();
    });
    let session: StreamSession | undefined;
    try {
      const { body } = await rest.open('/events', token, controller.signal);
      const { id } = await rest.ask<User>('GET', '/user/me');
      session = new StreamSession(id, token, rest, timing, onEvent, controller);
      if (body) void session.#read(body);
      return session;
    } catch (error) {
      controller.abort();
      const code = error instanceof MessengerError && error.status === 429 ? CLOSE.tooMany : CLOSE.gone;
      throw new SessionEnded({ code });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  sync(request: SyncRequest): Promise<SyncAnswer> {
    return this.#rest.ask('POST', '/sync', request);
  }

  tell(): void {
    // A stream goes one way.
  }

  check(): void {
    this.#expectWord(this.#timing.silenceMs + this.#timing.pongMs);
  }

  close(): void {
    this.#finish({ code: CLOSE.gone });
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    try {
      for (;;) {
        this.check();
        const { done, value } = await reader.read();
        if (done) break;
        for (const data of this.#blocks.take(decoder.decode(value, { stream: true }))) this.#take(data);
      }
    } catch {
      // It was cut.
    }
    this.close();
  }

  #take(data: string): void {
    const event = JSON.parse(data) as StreamEvent;
    if (event.type === 'token.expiring') this.#finish({ code: CLOSE.tokenExpired });
    else if (!this.signal.aborted) this.#onEvent(event);
  }

  /** The server says something each 20 seconds. */
  #expectWord(withinMs: number): void {
    clearTimeout(this.#timeout);
    if (this.signal.aborted) return;
    this.#timeout = setTimeout(() => {
      this.close();
    }, withinMs);
  }

  /** The first ending counts. It may have been aborted before: by the time-out of its opening. */
  #finish(ending: Ending): void {
    clearTimeout(this.#timeout);
    this.#controller.abort();
    this.#end(ending);
  }
}
