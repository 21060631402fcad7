import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { FrameReader } from './frame-reader.js';

const END_OF_HEAD = '\r\n\r\n';
const READY = '"type":"ready"';
/** A pong without a payload, as the servers' pings have none; masked, as all frames of clients, with zeros. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** A client of a socket that reads, answers pings, and does nothing else. */
export class Receiver {
  readonly #socket: Socket;
  /** Whether the server, or the network, has ended it. */
  closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Settles when the server has said that it is ready. */
  static open(url: URL, token: string, onFrame: (payload: Buffer) => void): Promise<Receiver> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      const receiver = new Receiver(socket);
      let isReady = false;
      const frames = new FrameReader(
        (payload) => {
          if (isReady) {
            onFrame(payload);
          } else if (payload.includes(READY)) {
            isReady = true;
            resolve(receiver);
          }
        },
        () => socket.write(PONG),
      );
      let head = '';
      const readHead = (chunk: Buffer) => {
        head += chunk.toString('latin1');
        const end = head.indexOf(END_OF_HEAD);
        if (end === -1) return;
        socket.off('data', readHead);
        if (!head.startsWith('HTTP/1.1 101 ')) reject(new Error(`No socket: ${head.slice(0, head.indexOf('\r\n'))}`));
        const read = (bytes: Buffer) => {
          frames.read(bytes);
        };
        socket.on('data', read);
        read(Buffer.from(head.slice(end + END_OF_HEAD.length), 'latin1'));
      };
      socket.on('data', readHead);
      socket.once('error', reject);
      socket.once('close', () => {
        receiver.closed = true;
        reject(new Error('The socket was closed before it was ready.'));
      });
      socket.write(handshake(url, token));
    });
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
