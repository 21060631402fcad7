import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Counts } from '../shared/counts.js';

/** How many requests of a connection may wait for their turn. */
const MAX_WAITING = 16;
/** How many requests of one network, and of all, may wait: each takes some 5 kB. */
const MAX_WAITING_OF_NETWORK = 1000;
const MAX_WAITING_IN_ALL = 5000;
/** How long a client may take to read an answer; the largest has about a megabyte. */
const READING_TIMEOUT_MS = 60_000;

/**
 * The requests of one connection, one after the other. HTTP lets a client send the next request before it has read the last
 * answer. Answers that are made in advance wait in memory, so a request begins only when the answer before it has left.
 */
export class ConnectionQueue {
  readonly #socket: Socket;
  readonly #network: string;
  readonly #handle: RequestListener;
  readonly #waitingOf: Counts<string>;
  #waiting: [IncomingMessage, ServerResponse][] = [];
  #current: ServerResponse | undefined;
  /** Since when the current answer waits to be read, in ms since 1970; 0: it does not. */
  #unreadSince = 0;
  #isEnding = false;

  /** @param waitingOf how many requests wait, by network. */
  constructor(socket: Socket, network: string, handle: RequestListener, waitingOf: Counts<string>) {
    this.#socket = socket;
    this.#network = network;
    this.#handle = handle;
    this.#waitingOf = waitingOf;
    socket.once('close', () => {
      waitingOf.remove(network, this.#waiting.length);
      this.#waiting = [];
    });
  }

  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** Whether another request would be one too many. */
  get isFull(): boolean {
    return (
      this.isBusy &&
      (this.#waiting.length >= MAX_WAITING ||
        this.#waitingOf.of(this.#network) >= MAX_WAITING_OF_NETWORK ||
        this.#waitingOf.total >= MAX_WAITING_IN_ALL)
    );
  }

  add(request: IncomingMessage, response: ServerResponse): void {
    if (this.#socket.destroyed) return;
    if (!this.#current) {
      this.#begin(request, response);
      return;
    }
    this.#waiting.push([request, response]);
    this.#waitingOf.add(this.#network);
    // Without this Node goes on reading requests.
    this.#socket.pause();
  }

  /** Answers the requests that wait, and then closes the connection, to which Node does not listen any more. */
  end(): void {
    this.#isEnding = true;
    this.#socket.on('error', () => this.#socket.destroy());
    // What is not read when a connection is closed makes the client's system forget the last answers.
    this.#socket.resume();
    this.#socket.on('drain', () => this.#current?.emit('drain'));
    const last = this.#waiting.at(-1)?.[1] ?? this.#current;
    // The client is told, unless that answer has begun.
    if (last) last.shouldKeepAlive = false;
    else this.#socket.destroySoon();
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
    if (!next) {
      if (this.#isEnding) this.#socket.destroySoon();
      return;
    }
    this.#waitingOf.remove(this.#network);
    if (this.#waiting.length === 0 && !this.#isEnding) this.#socket.resume();
    this.#begin(...next);
  }
}
