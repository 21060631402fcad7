import { WebSocket, type RawData } from 'ws';
import type { SessionStart, SyncAnswer, SyncRequest } from '../../../sdk/src/wire.js';
import { AWAY, type Frame } from './frame.js';
import type { Fate, Taps, Way } from './taps.js';
import type { Traffic } from './traffic.js';

/** What answers a frame; everything else is an event. */
const ANSWERS = /^(pong|error|ready)$|\.done$/;

/** One socket of the client, and the one of the proxy to the server. */
export class Relay implements Way {
  readonly #client: WebSocket;
  readonly #server: WebSocket;
  readonly #taps: Taps;
  readonly #traffic: Traffic;
  readonly #syncs = new Map<string | undefined, SyncRequest>();
  readonly #fates = new Map<string | undefined, Fate>();
  #isStalled = false;
  /** The types of the frames of the client, in their order. */
  readonly heard: string[] = [];
  /** The code with which it was closed; undefined: it is open. */
  code: number | undefined;

  constructor(client: WebSocket, server: WebSocket, taps: Taps, traffic: Traffic) {
    this.#client = client;
    this.#server = server;
    this.#taps = taps;
    this.#traffic = traffic;
    client.on('message', (data) => {
      if (!this.#isStalled) this.#fromClient(data);
    });
    server.on('message', (data) => {
      if (!this.#isStalled) this.#fromServer(parse(data));
    });
    client.on('ping', (data) => {
      if (!this.#isStalled && this.code === undefined) client.pong(data);
    });
    server.on('ping', (data) => {
      if (!this.#isStalled && this.code === undefined) client.ping(data);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // It is always followed by "close".
      one.on('error', () => undefined);
      one.on('close', (code, reason) => {
        this.code ??= code;
        closeAs(other, code, reason);
      });
    }
  }

  get isOpen(): boolean {
    return this.code === undefined;
  }

  toClient(frame: Frame): void {
    if (this.#client.readyState === WebSocket.OPEN && !this.#isStalled) this.#client.send(JSON.stringify(frame));
  }

  /** Closes it as the server does. */
  close(code: number, reason = ''): void {
    this.code ??= code;
    this.#client.close(code, reason);
    this.#server.terminate();
  }

  /** Breaks it without a word. */
  cut(): void {
    this.code ??= 1006;
    this.#client.terminate();
    this.#server.terminate();
  }

  /** Nothing gets through any more, and nobody is told. */
  stall(): void {
    this.#isStalled = true;
  }

  #fromClient(data: RawData): void {
    const frame = parse(data);
    this.heard.push(frame.type);
    if (frame.type === 'sync') {
      const request = frame as unknown as SyncRequest;
      this.#traffic.syncs.push(request);
      if (this.#taps.refuseSync?.()) {
        this.toClient({ type: 'error', ...refOf(frame), ...AWAY });
        return;
      }
      this.#syncs.set(frame.ref, request);
    } else if (frame.type === 'send' && !this.#passes(frame)) return;
    this.#server.send(JSON.stringify(frame));
  }

  /** Whether a sending goes on to the server. */
  #passes(frame: Frame): boolean {
    const sending = { chatId: frame.chat_id ?? 0, contents: frame.contents, clientId: frame.client_id };
    this.#traffic.sends.push(sending);
    const fate = this.#taps.send?.(sending) ?? 'pass';
    this.#fates.set(frame.ref, fate);
    if (fate === 'away') this.toClient({ type: 'error', ...refOf(frame), ...AWAY });
    if (fate === 'lose') this.cut();
    return fate !== 'away' && fate !== 'lose';
  }

  #fromServer(frame: Frame): void {
    if (frame.type === 'sync.done') void this.#synced(frame);
    else if (frame.type === 'ready') {
      const start = frame.data as SessionStart;
      this.toClient({ ...frame, data: this.#taps.ready?.(start) ?? start });
    } else if (this.#fates.has(frame.ref)) this.#sent(frame);
    else if (ANSWERS.test(frame.type)) this.toClient(frame);
    else for (const each of this.#taps.event?.(frame, this) ?? [frame]) this.toClient(each);
  }

  async #synced(frame: Frame): Promise<void> {
    const request = this.#syncs.get(frame.ref);
    const answer = frame.data as SyncAnswer;
    const data = request && this.#taps.synced ? await this.#taps.synced(answer, request) : answer;
    this.toClient({ ...frame, data });
  }

  #sent(frame: Frame): void {
    const fate = this.#fates.get(frame.ref);
    this.#fates.delete(frame.ref);
    this.#traffic.sendStatuses.push((frame.status_code as number | undefined) ?? 200);
    if (fate === 'lose the answer') this.cut();
    else if (typeof fate === 'object')
      void fate.answerAfter.then(() => {
        this.toClient(frame);
      });
    else this.toClient(frame);
  }
}

function refOf({ ref }: Frame): { readonly ref?: string } {
  return ref === undefined ? {} : { ref };
}

function parse(data: RawData): Frame {
  return JSON.parse((data as Buffer).toString()) as Frame;
}

/** Codes of 1005 and 1006 stand for a socket that ended without one. */
function closeAs(socket: WebSocket, code: number, reason: Buffer): void {
  if (socket.readyState >= WebSocket.CLOSING) return;
  if (code === 1006) socket.terminate();
  else if (code === 1005) socket.close();
  else socket.close(code, reason.toString());
}
