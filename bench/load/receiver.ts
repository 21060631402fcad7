import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { FrameReader } from './frame-reader.js';

const END_OF_HEAD = '\r\n\r\n';
const READY = '"type":"ready"';
/** A pong without a payload, as the servers' pings have none; masked, as all frames of clients, with zeros. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
/** The code of a socket that was closed without a word. Source: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const ABNORMAL = 1006;

/** What all of them read into, one after the other: a buffer and a stream's events for each arrival take longer. */
const SHARED = Buffer.allocUnsafeSlow(64 * 1024);

export interface ReceiverHandlers {
  /** Called with whatever arrives, which is read at once or kept as a copy, to be read later. */
  readonly onArrival: (receiver: Receiver, bytes: Buffer) => void;
  readonly onFrame: (payload: Buffer) => void;
}

/** What is waited for while it opens. */
interface Opening {
  readonly resolve: (receiver: Receiver) => void;
  readonly reject: (error: Error) => void;
}

/** A client of a socket that reads, answers pings, and does nothing else. */
export class Receiver {
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #opening: Opening;
  /** Of the answer to the handshake; undefined: it has been read. */
  #head: string | undefined = '';
  #isReady = false;
  /** Since they were last counted. */
  frames = 0;
  /** Why it was closed; undefined: it is open. */
  closeCode: number | undefined;

  /** Settles when the server has said that it is ready. */
  static open(url: URL, token: string, handlers: ReceiverHandlers): Promise<Receiver> {
    return new Promise((resolve, reject) => new Receiver(url, token, handlers, { resolve, reject }));
  }

  private constructor(url: URL, token: string, { onArrival, onFrame }: ReceiverHandlers, opening: Opening) {
    this.#opening = opening;
    const callback = (length: number) => {
      onArrival(this, SHARED.subarray(0, length));
      return true;
    };
    this.#socket = connect({ port: Number(url.port), host: url.hostname, onread: { buffer: SHARED, callback } });
    this.#reader = new FrameReader({
      onText: (payload) => {
        if (this.#isReady) {
          this.frames++;
          onFrame(payload);
        } else if (payload.includes(READY)) {
          this.#isReady = true;
          opening.resolve(this);
        }
      },
      onPing: () => this.#socket.write(PONG),
      onClose: (payload) => {
        this.closeCode = payload.readUInt16BE();
        this.#socket.destroy();
      },
    });
    this.#socket.once('error', opening.reject);
    this.#socket.once('close', () => {
      this.closeCode ??= ABNORMAL;
      opening.reject(new Error('The socket was closed before it was ready.'));
    });
    this.#socket.write(handshake(url, token));
  }

  read(bytes: Buffer): void {
    if (this.#head === undefined) this.#reader.read(bytes);
    else this.#readHead(this.#head + bytes.toString('latin1'));
  }

  /** Takes no more from the network, until resume. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  #readHead(head: string): void {
    this.#head = head;
    const end = head.indexOf(END_OF_HEAD);
    if (end === -1) return;
    if (!head.startsWith('HTTP/1.1 101 ')) {
      this.#opening.reject(new Error(`No socket: ${head.slice(0, head.indexOf('\r\n'))}`));
    }
    this.#head = undefined;
    this.#reader.read(Buffer.from(head.slice(end + END_OF_HEAD.length), 'latin1'));
  }
}

function handshake(url: URL, token: string): string {
  return [
    'GET /ws HTTP/1.1',
    `Host: ${url.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Authorization: Bearer ${token}`,
  ]
    .join('\r\n')
    .concat(END_OF_HEAD);
}
