import { setMaxListeners } from 'node:events';
import { WebSocket } from 'ws';
import { Inbox } from './inbox.js';
import type { Answer, ServerEvent, SyncAnswer, SyncRequest } from './protocol.js';
import { isFailure, said } from './servers.js';
import { Refusal, SessionEnded, type Delivery, type Dial, type Session } from './session.js';

const SUBPROTOCOL = 'messenger.v1';
/** A connection on which an answer takes longer is taken for dead. Servers are stopped for less. */
const ANSWER_TIMEOUT_MS = 8000;
const OPEN_TIMEOUT_MS = 3000;

interface Frame {
  readonly type: string;
  readonly ref?: string;
  readonly data?: unknown;
  readonly status_code?: number;
  readonly details?: unknown;
}

/** How a device shows its token: a browser can't set a header. */
export type Authentication = 'header' | 'frame';

/** `GET /ws`. */
export class SocketSession implements Session {
  readonly deliveries = new Inbox<Delivery>();
  readonly #socket: WebSocket;
  readonly #dial: Dial;
  readonly #ended = new AbortController();
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  #requests = 0;
  #ready: ((frame: Frame) => void) | undefined;

  private constructor(socket: WebSocket, dial: Dial) {
    this.#socket = socket;
    this.#dial = dial;
    // Each request that waits for an answer listens.
    setMaxListeners(0, this.#ended.signal);
    socket.on('message', (data: Buffer) => {
      this.#receive(JSON.parse(data.toString('utf8')) as Frame);
    });
    socket.on('unexpected-response', (_request, { statusCode: status = 0 }) => {
      if (isFailure(status)) dial.journal.surprises.push(`was refused with ${said({ status, body: undefined })}`);
      socket.terminate();
    });
    // It is always followed by "close".
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.deliveries.close();
      this.#ended.abort(new SessionEnded(code));
    });
  }

  /** @throws SessionEnded unless the server says that it is ready. */
  static async open(dial: Dial, authentication: Authentication): Promise<SocketSession> {
    const { servers, node, token } = dial;
    const headers = authentication === 'header' ? { authorization: `Bearer ${token}` } : {};
    const socket = new WebSocket(`${servers.urls[node]!.replace('http', 'ws')}/ws`, SUBPROTOCOL, {
      headers,
      handshakeTimeout: OPEN_TIMEOUT_MS,
    });
    const session = new SocketSession(socket, dial);
    if (authentication === 'frame') {
      socket.once('open', () => {
        session.tell({ type: 'authenticate', token });
      });
    }
    await session.#untilAnswered<Frame>(OPEN_TIMEOUT_MS, (resolve) => (session.#ready = resolve));
    return session;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
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
    this.#socket.send(JSON.stringify(frame));
  }

  cut(): void {
    this.#socket.terminate();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #receive(frame: Frame): void {
    const { journal, node } = this.#dial;
    if (frame.ref !== undefined) {
      if (frame.type === 'sync.done') journal.add({ kind: 'answered' });
      const answer = { status: frame.status_code ?? 200, body: frame.data ?? frame.details };
      if (isFailure(answer.status)) journal.surprises.push(`was answered with ${said(answer)}`);
      this.#waiting.get(frame.ref)?.(answer);
    } else if (frame.type === 'ready') {
      journal.connected(node);
      this.#ready?.(frame);
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
      const { signal } = this.#ended;
      const fail = () => {
        clearTimeout(timeout);
        reject(signal.reason as SessionEnded);
      };
      const timeout = setTimeout(() => {
        this.#socket.terminate();
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
