import { WebSocket } from 'ws';
import { SessionEnded } from './session.js';

const SUBPROTOCOL = 'messenger.v1';
const OPEN_TIMEOUT_MS = 3000;

/** How a device shows its token: a browser can't set a header. */
export type Authentication = 'header' | 'frame';

export interface ConnectionOptions {
  readonly authentication?: Authentication;
  /** Gets each frame, "ready" the first. */
  readonly onFrame: (frame: Buffer) => void;
  /** The server has answered with a status instead of opening a socket. */
  readonly onRefusal?: (status: number) => void;
}

/** `GET /ws`, on which somebody has authenticated. */
export class Connection {
  readonly #webSocket: WebSocket;
  readonly #ended = new AbortController();

  private constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket;
    // It is always followed by "close".
    webSocket.on('error', () => undefined);
    webSocket.on('close', (code) => {
      this.#ended.abort(new SessionEnded(code));
    });
  }

  /**
   * @param url of the server, as for REST.
   * @throws SessionEnded unless the server says that it is ready.
   */
  static open(
    url: string,
    token: string,
    { authentication = 'header', onFrame, onRefusal }: ConnectionOptions,
  ): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const webSocket = new WebSocket(`${url.replace('http', 'ws')}/ws`, SUBPROTOCOL, {
        headers: authentication === 'header' ? { authorization: `Bearer ${token}` } : {},
      });
      const connection = new Connection(webSocket);
      const timeout = setTimeout(() => {
        connection.cut();
      }, OPEN_TIMEOUT_MS);
      let isReady = false;
      webSocket.on('message', (frame: Buffer) => {
        onFrame(frame);
        if (isReady || !isReadyFrame(frame)) return;
        isReady = true;
        clearTimeout(timeout);
        resolve(connection);
      });
      webSocket.on('unexpected-response', (_request, { statusCode = 0 }) => {
        onRefusal?.(statusCode);
        connection.cut();
      });
      if (authentication === 'frame') {
        webSocket.once('open', () => {
          connection.send({ type: 'authenticate', token });
        });
      }
      connection.ended.addEventListener('abort', () => {
        clearTimeout(timeout);
        reject(connection.ended.reason as SessionEnded);
      });
    });
  }

  /** Aborted with SessionEnded. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  send(frame: Readonly<Record<string, unknown>>): void {
    this.#webSocket.send(JSON.stringify(frame));
  }

  /** Without a word. */
  cut(): void {
    this.#webSocket.terminate();
  }

  /** Stops reading, as a suspended device does. */
  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }
}

function isReadyFrame(frame: Buffer): boolean {
  return (JSON.parse(frame.toString()) as { type: string }).type === 'ready';
}
