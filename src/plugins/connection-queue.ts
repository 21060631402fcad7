import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of a connection that may wait for their turn: one read from the network brings up to two thousand. */
const MAX_WAITING = 100;
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
  #overflown = false;

  constructor(socket: Socket, handle: RequestListener) {
    this.#socket = socket;
    this.#handle = handle;
  }

  add(request: IncomingMessage, response: ServerResponse): void {
    if (this.#overflown) return;
    if (!this.#current) {
      this.#begin(request, response);
      return;
    }
    this.#waiting.push([request, response]);
    // What has been taken is answered. The client sends the rest again on another connection, as HTTP has it.
    if (this.#waiting.length >= MAX_WAITING) this.#overflown = true;
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
    if (this.#socket.destroyed) {
      this.#waiting = [];
      return;
    }
    const next = this.#waiting.shift();
    if (next) this.#begin(...next);
    else if (this.#overflown) this.#socket.destroySoon();
  }
}
