import { setMaxListeners } from 'node:events';
import { Connection, type Authentication } from './connection.js';
import { Inbox } from './inbox.js';
import type { Answer, ServerEvent, SyncAnswer, SyncRequest } from './protocol.js';
import { isFailure, said } from './servers.js';
import { Refusal, type Delivery, type Dial, type Session, type SessionEnded } from './session.js';

/** A connection on which an answer takes longer is taken for dead. Servers are stopped for less. */
const ANSWER_TIMEOUT_MS = 8000;

interface Frame {
  readonly type: string;
  readonly ref?: string;
  readonly data?: unknown;
  readonly status_code?: number;
  readonly details?: unknown;
}

/** `GET /ws`. */
export class SocketSession implements Session {
  readonly deliveries = new Inbox<Delivery>();
  readonly #dial: Dial;
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  #connection!: Connection;
  #requests = 0;

  private constructor(dial: Dial) {
    this.#dial = dial;
  }

  /** @throws SessionEnded unless the server says that it is ready. */
  static async open(dial: Dial, authentication: Authentication): Promise<SocketSession> {
    const { servers, node, token, journal } = dial;
    const session = new SocketSession(dial);
    session.#connection = await Connection.open(servers.urls[node]!, token, {
      authentication,
      onFrame: (frame) => {
        session.#receive(JSON.parse(frame.toString()) as Frame);
      },
      onRefusal: (status) => {
        if (isFailure(status)) journal.surprises.push(`was refused with ${said({ status, body: undefined })}`);
      },
    });
    // Each request that waits for an answer listens.
    setMaxListeners(0, session.ended);
    const close = () => {
      session.deliveries.close();
    };
    if (session.ended.aborted) close();
    session.ended.addEventListener('abort', close);
    return session;
  }

  get ended(): AbortSignal {
    return this.#connection.ended;
  }

  async sync(request: SyncRequest): Promise<SyncAnswer> {
    const { status, body } = await this.request({ type: 'sync', ...request });
    if (status !== 200) throw new Refusal(status, body.code);
    return body;
  }

  /** Sends a frame and waits for the answer that repeats its ref. */
  async request(frame: Readonly<Record<string, unknown>>): Promise<Answer> {
    const ref = String(++this.#requests);
    try {
      return await this.#untilAnswered<Answer>(ANSWER_TIMEOUT_MS, (resolve) => {
        this.#waiting.set(ref, resolve);
        this.tell({ ...frame, ref });
      });
    } finally {
      this.#waiting.delete(ref);
    }
  }

  tell(frame: Readonly<Record<string, unknown>>): void {
    this.#connection.send(frame);
  }

  cut(): void {
    this.#connection.cut();
  }

  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }

  #receive(frame: Frame): void {
    const { journal, node } = this.#dial;
    if (frame.ref !== undefined) {
      if (frame.type === 'sync.done') journal.add({ kind: 'answered' });
      const answer = { status: frame.status_code ?? 200, body: frame.data ?? frame.details };
      if (isFailure(answer.status)) journal.surprises.push(`was answered with ${said(answer)}`);
      this.#waiting.get(frame.ref)?.(answer);
    } else if (frame.type === 'ready') {
      journal.connected('socket', node);
    } else if (frame.type === 'error') {
      journal.surprises.push(`an error that answers nothing: ${JSON.stringify(frame)}`);
    } else {
      const event = frame as ServerEvent;
      journal.received(event);
      this.deliveries.push({ event, id: undefined });
    }
  }

  /** Waits for what the server has to say; silence ends the session. */
  #untilAnswered<T>(timeoutMs: number, ask: (resolve: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const signal = this.ended;
      const fail = () => {
        clearTimeout(timeout);
        reject(signal.reason as SessionEnded);
      };
      const timeout = setTimeout(() => {
        this.#connection.cut();
      }, timeoutMs);
      if (signal.aborted) {
        fail();
        return;
      }
      signal.addEventListener('abort', fail, { once: true });
      ask((value) => {
        clearTimeout(timeout);
        signal.removeEventListener('abort', fail);
        resolve(value);
      });
    });
  }
}
