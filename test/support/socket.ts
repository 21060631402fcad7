import { once } from 'node:events';
import { beforeAll, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { AppConfig } from '../../src/app.js';
import { useApp, type TestApp } from './app.js';
import { uniqueName, type Person, type Target } from './client.js';

export interface Frame {
  readonly type: string;
  readonly ref?: string;
  readonly chat_id?: number;
  readonly pts?: number;
  readonly me_pts?: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into frames of every shape
  readonly data?: any;
  readonly status_code?: number;
  readonly details?: { readonly code: string; readonly errors?: Record<string, string> };
}

/** How long a test waits for one frame: shorter than a test may take, so that the failure names the frame. */
const PATIENCE_MS = 25_000;

/** How a connection ended. */
interface Closed {
  readonly code: number;
  readonly reason: string;
}

interface SocketOptions {
  /** In the header of the request that opens the socket. */
  readonly token?: string;
  readonly path?: string;
  readonly protocols?: string[];
  readonly headers?: Record<string, string>;
}

/** The server, on a port of its own. */
export function useServer(config: Partial<AppConfig> = {}): TestApp {
  const test = useApp(config);
  beforeAll(() => listen(test));
  return test;
}

export async function listen({ app }: Target): Promise<void> {
  await app.listen({ port: 0, host: '127.0.0.1' });
}

export function urlOf({ app }: Target, protocol: 'http' | 'ws'): string {
  const address = app.server.address()!;
  return typeof address === 'string' ? `${protocol}+unix://${address}:` : `${protocol}://127.0.0.1:${address.port}`;
}

/** A connection of a client, which keeps what comes until the test takes it. */
export class Socket {
  readonly closed: Promise<Closed>;
  readonly #frames: Frame[] = [];

  private constructor(readonly webSocket: WebSocket) {
    // A test may wait for many answers at once.
    webSocket.setMaxListeners(0);
    webSocket.on('message', (text: Buffer) => this.#frames.push(JSON.parse(text.toString()) as Frame));
    // Whatever went wrong, its close comes next.
    webSocket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      webSocket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
    onTestFinished(() => {
      webSocket.terminate();
    });
  }

  /** A socket on which nobody has authenticated but, with a token, by the header. @throws what the server says instead. */
  static async open(
    target: Target,
    { token, path = '/ws', protocols = ['messenger.v1'], headers }: SocketOptions = {},
  ): Promise<Socket> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const webSocket = new WebSocket(urlOf(target, 'ws') + path, protocols, {
      headers: { ...authorization, ...headers },
    });
    const socket = new Socket(webSocket);
    await once(webSocket, 'open');
    return socket;
  }

  /** A device of the person, ready. */
  static async of({ test, token }: Person): Promise<Socket> {
    const socket = await Socket.open(test, { token });
    await socket.take('ready');
    return socket;
  }

  send(frame: object): void {
    this.sendRaw(JSON.stringify(frame));
  }

  sendRaw(data: string | Buffer): void {
    this.webSocket.send(data);
  }

  /** The first frame of the type that has not been taken, once it is there. */
  take(type: string): Promise<Frame> {
    return this.#take(type, (frame) => frame.type === type);
  }

  /** The next so many frames of the type. */
  async takeMany(type: string, count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.take(type));
    return frames;
  }

  /** The answer to the frame. */
  ask(frame: object): Promise<Frame> {
    const ref = uniqueName();
    this.send({ ...frame, ref });
    return this.#take(`answer to ${JSON.stringify(frame)}`, (answer) => answer.ref === ref);
  }

  /** All that has come and has not been taken: whatever the server had sent before it answered a ping is there. */
  async rest(): Promise<Frame[]> {
    await this.ask({ type: 'ping' });
    return this.#frames.splice(0);
  }

  async #take(wanted: string, isWanted: (frame: Frame) => boolean): Promise<Frame> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const index = this.#frames.findIndex(isWanted);
      const [frame] = index < 0 ? [] : this.#frames.splice(index, 1);
      if (frame) return frame;
      const closed = await Promise.race([
        this.closed,
        once(this.webSocket, 'message', { signal }).catch(() => {
          throw new Error(`No ${wanted} within ${PATIENCE_MS} ms, but ${JSON.stringify(this.#frames)}`);
        }),
      ]);
      if ('code' in closed) throw new Error(`The socket was closed with ${closed.code} ${closed.reason}`);
    }
  }
}
