import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { blamesClient } from '../../client/backoff.js';
import { EventBlocks } from '../../client/event-blocks.js';
import type { DeviceKind } from '../../client/device.js';
import type { Journal } from '../../client/journal.js';
import { CLOSE, type Answer, type ServerEvent, type SyncAnswer } from '../../client/protocol.js';
import type { Servers } from '../../client/servers.js';
import type { Manner } from '../load/writer.js';
import type { Random } from '../random.js';
import { addRoute } from './routes.js';

/** When a connection breaks after a request was begun: at about the time at which the server works on it. */
const BREAK_MS = 15;

export interface Asked {
  readonly method: string;
  readonly path: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each request has a body of its own
  readonly body: any;
}

/** Hears of what goes over the network. */
export interface Listener {
  readonly journal: Journal;
  /** @returns what is to befall the request. */
  asked(request: Asked): Omit<Manner, 'road'> | undefined;
  /** @param answer of the server, whether the client gets it or not. */
  answered(request: Asked, answer: Answer): void;
  /** A sync is about to be taken. */
  synced(answer: SyncAnswer): void;
}

/** A connection on which events arrive. */
export interface Line {
  pause(): void;
  resume(): void;
  terminate(): void;
}

let networks = 0;

/** What a client sees of the network: one address, behind which any of the nodes may answer. */
export class Network {
  readonly url = `http://network-${++networks}.test`;
  readonly #lines = new Set<Line>();
  /** The one that the client uses, and its end. */
  #line: { readonly line: Line; readonly ended: AbortController } | undefined;
  #requests = new AbortController();
  #downUntil = 0;
  #isFrozen = false;

  constructor(
    readonly kind: DeviceKind,
    readonly servers: Servers,
    readonly random: Random,
    readonly listener: Listener,
  ) {
    setMaxListeners(0, this.#requests.signal);
    addRoute(this.url, (path, init) => this.#fetch(path, init));
  }

  /** Which node the next connection leads to; undefined: to none. */
  nextNode(): number | undefined {
    return Date.now() < this.#downUntil ? undefined : this.servers.anyNode();
  }

  get isReading(): boolean {
    return this.#line !== undefined && !this.#isFrozen;
  }

  /** Everything is cut, and nothing goes through for a while. */
  down(ms: number): void {
    this.#downUntil = Date.now() + ms;
    for (const line of this.#lines) line.terminate();
    this.#requests.abort();
    this.#requests = new AbortController();
    setMaxListeners(0, this.#requests.signal);
  }

  /** The client does not read for a while, unless its connection ends before. */
  async freeze(ms: number): Promise<void> {
    if (!this.#line || this.#isFrozen) return;
    const { line, ended } = this.#line;
    const from = Date.now();
    this.#isFrozen = true;
    line.pause();
    await sleep(ms, undefined, { signal: ended.signal }).catch(() => undefined);
    line.resume();
    this.#isFrozen = false;
    this.listener.journal.frozen.push({ from, to: Date.now() });
  }

  begun(line: Line): void {
    this.#lines.add(line);
  }

  /** From now on the client has its events from this one. */
  connected(line: Line, via: DeviceKind, node: number): void {
    if (this.#line) this.ended(this.#line.line, CLOSE.gone);
    this.#line = { line, ended: new AbortController() };
    this.listener.journal.connected(via, node);
  }

  received(line: Line, event: ServerEvent): void {
    if (this.#line?.line === line) this.listener.journal.received(event);
  }

  synced(answer: SyncAnswer): void {
    this.listener.journal.add({ kind: 'answered' });
    this.listener.synced(answer);
  }

  ended(line: Line, code: number): void {
    this.#lines.delete(line);
    const { journal } = this.listener;
    if (blamesClient(code)) journal.surprises.push(`was closed with ${code}`);
    if (this.#line?.line !== line) return;
    this.#line.ended.abort();
    this.#line = undefined;
    journal.add({ kind: 'disconnected', code });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const { method = 'GET' } = init;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const asked = { method, path, body };
    const { node: wanted, loss = 'none' } = this.listener.asked(asked) ?? {};
    const any = this.nextNode();
    if (any === undefined) throw new TypeError('The network is down.');
    const node = wanted ?? any;
    const signals = [this.#requests.signal, ...(init.signal ? [init.signal] : [])];
    if (loss === 'connection') signals.push(AbortSignal.timeout(Math.ceil(this.random.between(0, BREAK_MS))));
    const response = await fetch(this.servers.urls[node]! + path, { ...init, signal: AbortSignal.any(signals) }).catch(
      (error: unknown) => {
        this.servers.note(method, path, undefined);
        throw error;
      },
    );
    if (path === '/events' && response.ok) return this.#stream(response, node, init.signal ?? undefined);
    const text = await response.text();
    const answer: Answer = { status: response.status, body: JSON.parse(text) };
    this.servers.note(method, path, answer);
    this.listener.answered(asked, answer);
    if (loss === 'answer') throw new TypeError('The answer is lost.');
    if (path === '/sync' && response.ok) this.synced(answer.body);
    return new Response(text, { status: response.status, headers: response.headers });
  }

  /** An event stream, as the client reads it. */
  #stream(response: Response, node: number, signal: AbortSignal | undefined): Response {
    const reader = response.body!.getReader();
    const blocks = new EventBlocks();
    const decoder = new TextDecoder();
    let gate = Promise.resolve();
    let open = (): void => undefined;
    const line: Line = {
      pause: () => {
        gate = new Promise((resolve) => (open = resolve));
      },
      resume: () => {
        open();
      },
      terminate: () => {
        reader.cancel().catch(() => undefined);
        this.ended(line, CLOSE.gone);
      },
    };
    signal?.addEventListener('abort', () => {
      line.terminate();
    });
    this.begun(line);
    this.connected(line, 'stream', node);
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          await gate;
          const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
          if (done || !value) {
            this.ended(line, CLOSE.gone);
            controller.close();
            return;
          }
          for (const { data } of blocks.take(decoder.decode(value, { stream: true }))) {
            if (data !== undefined) this.received(line, JSON.parse(data) as ServerEvent);
          }
          controller.enqueue(value);
        },
        cancel: () => reader.cancel(),
      },
      // Nothing is taken before the client asks for it.
      { highWaterMark: 0 },
    );
    return new Response(body, { status: response.status, headers: response.headers });
  }
}
