import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many requests of a connection may wait for their turn. */
const MAX_WAITING = 100;
/** How many requests of all connections may wait: each takes some 5 kB. */
const MAX_WAITING_IN_ALL = 5000;
/** How long a client may take to read an answer; the largest has about a megabyte. */
const READING_TIMEOUT_MS = 60_000;

/**
 * The requests of one connection, one after the other. HTTP lets a client send the next request before it has read the last
 * answer. Whatever is answered in advance waits in memory, so a request begins only when the answer before it has left.
 */
export class ConnectionQueue {
  readonly #socket: Socket;
  readonly #handle: RequestListener;
  #waiting: [IncomingMessage, ServerResponse][] = [];
  #current: ServerResponse | undefined;
  /** Since when the current answer waits to be read, in ms since 1970; 0: it does not. */
  #unreadSince = 0;
  readonly #total: { waiting: number };

  /** @param total how many requests of all connections wait. */
  constructor(socket: Socket, handle: RequestListener, total: { waiting: number }) {
    this.#socket = socket;
    this.#handle = handle;
    this.#total = total;
    socket.once('close', () => {
      this.#total.waiting -= this.#waiting.length;
      this.#waiting = [];
    });
  }

  add(request: IncomingMessage, response: ServerResponse): void {
    if (this.#socket.destroyed) return;
    if (!this.#current) {
      this.#begin(request, response);
      return;
    }
    if (this.#waiting.length >= MAX_WAITING || this.#total.waiting >= MAX_WAITING_IN_ALL) {
      this.#socket.destroy();
      return;
    }
    this.#waiting.push([request, response]);
    this.#total.waiting++;
    // Node would go on to take requests off the network.
    this.#socket.pause();
  }

  /** Ends the connection when its answer has not been read for too long. */
  endIfUnread(now: number): void {
    if (!this.#current?.writableEnded) return;
    if (this.#unreadSince === 0) this.#unreadSince = now;
    else if (now - this.#unreadSince > READING_TIMEOUT_MS) this.#socket.destroy();
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    this.#current = response;
    this.#unreadSince = 0;
    response.once('close', () => {
      this.#next();
    });
    this.#handle(request, response);
  }

  #next(): void {
    this.#current = undefined;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#total.waiting--;
    if (this.#waiting.length === 0) this.#socket.resume();
    this.#begin(...next);
  }
}
