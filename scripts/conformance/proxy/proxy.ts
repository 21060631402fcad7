import { once } from 'node:events';
import {
  createServer,
  request as open,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WebSocket, WebSocketServer } from 'ws';
import type { SyncAnswer, SyncRequest } from '../../../sdk/src/wire.js';
import { LOOPBACK } from '../../../test/processes/network.js';
import { AWAY, EXPIRED } from './frame.js';
import { Relay } from './relay.js';
import { StreamRelay } from './stream-relay.js';
import type { Taps } from './taps.js';
import { Traffic } from './traffic.js';

const SEND = /^\/chat\/(\d+)\/message$/;

/** Headers of the connection to the proxy. */
const OF_A_CONNECTION = ['host', 'connection', 'transfer-encoding'];

/** Between the client under test and the server. */
export class Proxy {
  readonly taps: Taps = {};
  readonly traffic = new Traffic();
  /** Each socket that was opened, the last one at the end. */
  readonly relays: Relay[] = [];
  readonly streams: StreamRelay[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #webSockets = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #serverUrl: () => string;
  #isCut = false;

  private constructor(serverUrl: () => string) {
    this.#serverUrl = serverUrl;
    this.#server = createServer((request, response) => {
      this.#relay(request, response).catch(() => response.destroy());
    });
    this.#server.on('connection', (socket) => {
      if (this.#isCut) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket.on('close', () => this.#sockets.delete(socket)));
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
      this.#upgrade(request, socket, head);
    });
  }

  /** @param serverUrl where the server is now: it may be started again elsewhere. */
  static async open(serverUrl: () => string): Promise<Proxy> {
    const proxy = new Proxy(serverUrl);
    proxy.#server.listen(0, LOOPBACK);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The socket that is open now. */
  get relay(): Relay | undefined {
    const last = this.relays.at(-1);
    return last?.isOpen ? last : undefined;
  }

  /** Breaks every connection, and every new one, as in a tunnel. */
  cut(): void {
    this.#isCut = true;
    for (const relay of this.relays) if (relay.isOpen) relay.cut();
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { url = '/' } = request;
    this.traffic.urls.push(url);
    this.traffic.tries.push(performance.now());
    socket.on('error', () => undefined);
    if (this.taps.blockSockets) {
      socket.destroy();
      return;
    }
    const refusal = this.taps.refuse?.();
    if (refusal !== undefined) {
      refuse(socket, refusal);
      return;
    }
    const { authorization } = request.headers;
    const protocols = request.headers['sec-websocket-protocol']?.split(/ *, */) ?? [];
    const server = new WebSocket(this.#serverUrl().replace('http', 'ws') + url, protocols, {
      headers: authorization === undefined ? {} : { authorization },
    });
    server.on('unexpected-response', (_request, { statusCode = 503 }) => {
      refuse(socket, statusCode);
      server.terminate();
    });
    server.on('error', () => socket.destroy());
    server.on('open', () => {
      this.#webSockets.handleUpgrade(request, socket, head, (client) => {
        this.relays.push(new Relay(client, server, this.taps, this.traffic));
      });
    });
  }

  async #relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    this.traffic.urls.push(url);
    const body = await buffer(request);
    const { pathname } = new URL(url, 'http://proxy');
    const token = headers.authorization?.replace(/^Bearer /i, '') ?? '';
    if (this.taps.refuseToken?.(token)) {
      answer(response, EXPIRED.status_code, EXPIRED);
      return;
    }
    const [, chatId] = (method === 'POST' ? SEND.exec(pathname) : undefined) ?? [];
    if (chatId !== undefined) await this.#send(Number(chatId), request, body, response);
    else if (method === 'POST' && pathname === '/sync') await this.#sync(request, body, response);
    else if (pathname === '/events') await this.#stream(request, response);
    else pass(await this.#ask(request, body), response);
  }

  async #send(chatId: number, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const { contents, client_id: clientId } = readJson(body) as { contents?: unknown; client_id?: unknown };
    const sending = { chatId, contents, clientId };
    this.traffic.sends.push(sending);
    const fate = this.taps.send?.(sending) ?? 'pass';
    if (fate === 'lose') response.destroy();
    else if (fate === 'away') answer(response, AWAY.status_code, AWAY);
    else {
      const answered = await this.#ask(request, body);
      this.traffic.sendStatuses.push(answered.statusCode ?? 0);
      if (typeof fate === 'object') await fate.answerAfter;
      if (fate === 'lose the answer') response.destroy();
      else pass(answered, response);
    }
  }

  async #sync(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const asked = readJson(body) as SyncRequest;
    this.traffic.syncs.push(asked);
    if (this.taps.refuseSync?.()) {
      answer(response, AWAY.status_code, AWAY);
      return;
    }
    const answered = await this.#ask(request, body);
    if (answered.statusCode !== 200 || !this.taps.synced) pass(answered, response);
    else answer(response, 200, await this.taps.synced(readJson(await buffer(answered)) as SyncAnswer, asked));
  }

  async #stream(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.traffic.tries.push(performance.now());
    const refusal = this.taps.refuse?.();
    if (refusal !== undefined) {
      answer(response, refusal, AWAY);
      return;
    }
    const stream = await this.#ask(request, Buffer.alloc(0));
    if (stream.statusCode === 200) this.streams.push(new StreamRelay(stream, response, this.taps));
    else pass(stream, response);
  }

  async #ask({ method, url = '/', headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const others = Object.entries(headers).filter(([name]) => !OF_A_CONNECTION.includes(name));
    const request = open(new URL(url, this.#serverUrl()), {
      ...(method !== undefined && { method }),
      agent: false,
      headers: { ...Object.fromEntries(others), ...(body.length > 0 && { 'content-length': body.length }) },
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return {};
  }
}

function pass(from: IncomingMessage, to: ServerResponse): void {
  to.writeHead(from.statusCode ?? 502, from.headers);
  // What begins is shown at once, as that of a stream.
  to.flushHeaders();
  from.on('error', () => to.destroy());
  to.on('close', () => from.destroy());
  from.pipe(to);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(socket: Socket, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
