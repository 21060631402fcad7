import { createServer, IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { Counts } from '../shared/counts.js';
import { networkOf } from '../shared/network.js';
import { ConnectionQueue } from './connection-queue.js';

/** The headers of a client may take this much: the Last-Event-ID of a user in ten thousand chats fits. */
const MAX_HEADER_BYTES = 64 * 1024;
/** How long a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than load balancers keep idle connections, so that they never use one that is just being closed. */
const KEEP_ALIVE_MS = 72_000;
const SWEEP_MS = 5000;

export interface HttpServerOptions {
  /** Whether a request that asks for another protocol gets it. */
  readonly mayUpgrade: (request: IncomingMessage) => boolean;
  /** How many connections one address may have; more are closed at once. */
  readonly maxConnectionsPerAddress: number;
}

/**
 * Node's HTTP server, whose memory and connections no client can take for itself: a connection has one answer under way,
 * an answer that is not read in time ends its connection, and each address has its share of connections.
 */
export function createHttpServer(
  handle: RequestListener,
  { mayUpgrade, maxConnectionsPerAddress }: HttpServerOptions,
): Server {
  const queues = new Map<Socket, ConnectionQueue>();
  const connectionsOf = new Counts<string>();
  const waitingOf = new Counts<string>();

  /**
   * Node leaves a connection to the listeners for upgrades, when a request asks for one. Only the
   * socket does: other offers, such as h2c, are answered as if they had not been made. And a request for which there is no
   * room seems to ask, so that the parser stops there.
   * Source: https://www.rfc-editor.org/rfc/rfc9110#section-7.8
   */
  class QueuedRequest extends IncomingMessage {
    // Declared only: fields would be set after the constructor of Node has set `upgrade`.
    declare private isAsked: boolean;
    declare private isOneTooMany: boolean;

    get upgrade(): boolean {
      if (!this.isOneTooMany) {
        if (!this.isAsked || !mayUpgrade(this)) return false;
        // Another protocol can't begin before the answers to what was asked in this one.
        this.isOneTooMany = queues.get(this.socket)?.isBusy === true;
      }
      if (this.isOneTooMany) this.method = 'CONNECT';
      return true;
    }

    /** By the constructor with null, by the parser, and by Node once more when a request asks. */
    set upgrade(asked: boolean | null) {
      this.isAsked = asked === true;
      if (asked === null) this.isOneTooMany = false;
      else this.isOneTooMany ||= queues.get(this.socket)?.isFull === true;
    }
  }

  const server = createServer(
    // A missing Host is answered in the envelope; see request-headers.ts.
    { maxHeaderSize: MAX_HEADER_BYTES, requireHostHeader: false, IncomingMessage: QueuedRequest },
    (request, response) => {
      queues.get(request.socket)?.add(request, response);
    },
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;

  server.on('connection', (socket) => {
    const remote = socket.remoteAddress;
    const network = remote === undefined ? '' : networkOf(remote, remote);
    if (connectionsOf.of(network) >= maxConnectionsPerAddress) {
      socket.destroy();
      return;
    }
    connectionsOf.add(network);
    queues.set(socket, new ConnectionQueue(socket, network, handle, waitingOf));
    socket.once('close', () => {
      queues.delete(socket);
      connectionsOf.remove(network);
    });
  });

  const sweeping = setInterval(() => {
    const now = performance.now();
    for (const queue of queues.values()) queue.endIfUnread(now);
  }, SWEEP_MS).unref();
  server.once('close', () => {
    clearInterval(sweeping);
  });

  // Without a listener Node destroys the connection, and what has been answered is lost.
  server.on('connect', ({ socket }, stream) => {
    stream.on('error', () => undefined);
    queues.get(socket)?.end();
  });

  // Node no longer tracks connections that it has handed to another protocol.
  const closeAllConnections = server.closeAllConnections.bind(server);
  server.closeAllConnections = () => {
    closeAllConnections();
    for (const socket of queues.keys()) socket.destroy();
  };

  // In its turn, like every request.
  server.on('checkExpectation', (request, response) => {
    queues.get(request.socket)?.add(request, response);
  });
  return server;
}
