import websocket from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Socket } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import type { WebSocket } from '@fastify/websocket';
import { CLOSE, decodeCursor, type StreamSource } from '../../realtime/index.js';
import { notAuthorized, serviceUnavailable, tooManyRequests } from '../../shared/errors.js';
import { bearer, errorAnswers } from '../../shared/schema.js';
import type { ChatWithParticipants } from '../chats/index.js';
import { originNotAllowed } from '../../shared/own-origin.js';
import type { Services } from '../feature.js';
import { sync } from '../sync/index.js';
import { USER_UPDATED } from '../users/index.js';
import { isAllowedOrigin } from './allowed-origin.js';
import { upgradeRequired } from './connections.errors.js';
import { socketConnection } from './socket-connection.js';
import { textOutput } from './text-output.js';
import { SOCKET_PATH } from './socket-path.js';

const PROTOCOL = 'messenger.v1';
const MAX_FRAME_BYTES = 256 * 1024;
const MAX_UNAUTHENTICATED_BYTES = 4096;

const EVENT_STREAM = {
  description: 'A stream that does not end.',
  content: {
    'text/event-stream': {
      schema: Type.String(),
      examples: { event: { value: 'data: {"type":"typing","chat_id":6,"data":{"user_id":5}}\n\n' } },
    },
  },
};

/** How clients stay connected. */
export const connectionRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { realtime, frames, config, describeError, refuseHandshake } = services;
  const { corsOrigins, socketCompression } = config;
  const streamSource: StreamSource = {
    profileType: USER_UPDATED.type,
    sync: (userId, request, within) => sync(services, userId, request, within),
    chat: async (userId, chatId) => {
      const chat = await services.statements.chat.find({ userId, chatId, participants: undefined });
      return (chat as ChatWithParticipants | null | undefined) ?? undefined;
    },
  };

  await app.register(websocket, {
    options: {
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: socketCompression,
      clientTracking: false,
      handleProtocols: (offered) => offered.has(PROTOCOL) && PROTOCOL,
    },
    // The sessions are told to close by realtime.stop.
    preClose: (done) => {
      done();
    },
  });
  // Otherwise the library answers a broken handshake by itself, and without the envelope.
  app.websocketServer.on('wsClientError', (_error: Error, socket: Duplex) => {
    refuseHandshake(socket);
  });
  app.addHook('preClose', () => realtime.stop());
  app.addHook('onReady', (done) => {
    realtime.start();
    done();
  });

  app.route({
    method: 'GET',
    url: SOCKET_PATH,
    exposeHeadRoute: false,
    config: { narrowed: { rights: 'read', chats: 'filtered' } },
    // Not a request of the REST API: asyncapi.json describes it.
    schema: { hide: true, response: errorAnswers(notAuthorized, originNotAllowed, upgradeRequired) },
    onRequest: (request, _reply, next) => {
      if (!isAllowedOrigin(request, corsOrigins)) next(originNotAllowed());
      else if (request.headers.authorization !== undefined && !request.identity)
        next(request.tooNarrow ?? notAuthorized({ reason: request.refusal }));
      else if (request.ws && !realtime.accepts(request.network)) next(serviceUnavailable({ retryAfterSeconds: 5 }));
      else next();
    },
    handler: () => {
      throw upgradeRequired();
    },
    wsHandler: (webSocket, request) => {
      const socket = request.raw.socket as Socket | undefined;
      open(webSocket, socket, request);
    },
  });

  app.get(
    '/events',
    {
      // It would open a stream that nobody reads.
      exposeHeadRoute: false,
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'openEventStream',
        // A generated client would wait for the end of the stream.
        'x-internal': true,
        'x-sdk-ignore': true,
        tags: ['Real time'],
        summary: 'Events as a stream',
        description:
          'Server-sent events, for clients without sockets: each `data` line is an event as JSON, of which asyncapi.json has the schemas.',
        security: bearer,
        headers: Type.Object({
          'last-event-id': Type.Optional(
            Type.String({
              description: 'The last `id` that was read: what has been missed since comes first.',
              examples: ['AQAAAAAAAAAAAA'],
            }),
          ),
        }),
        response: {
          200: EVENT_STREAM,
          ...errorAnswers(notAuthorized, tooManyRequests),
        },
      },
    },
    async (request, reply) => {
      const { identity, refusal, tooNarrow } = request;
      if (!identity) throw tooNarrow ?? notAuthorized({ reason: refusal });
      if (!realtime.accepts(request.network)) throw serviceUnavailable({ retryAfterSeconds: 5 });
      const last = request.headers['last-event-id'];
      // A client that says what no stream has said is told to sync, as after any other loss.
      const cursor = last === undefined ? undefined : (decodeCursor(last) ?? 'lost');
      const stream = new PassThrough();
      const output = textOutput(stream);
      const { opened, closed } = realtime.openStream(identity, output, cursor, streamSource, request.network);
      stream.on('close', closed);
      await opened;
      void reply.header('Content-Type', 'text/event-stream').header('Cache-Control', 'no-store');
      // For a proxy: what comes is to go on at once.
      return reply.header('X-Accel-Buffering', 'no').send(stream as never);
    },
  );

  function open(webSocket: WebSocket, socket: Socket | undefined, request: FastifyRequest): void {
    const { identity, network } = request;
    // Kept for as long as the socket is open only where tokens depend on it.
    const kept = config.development ? request : undefined;
    // The plugin's listener would keep the request for as long as the socket is open.
    webSocket.removeAllListeners('error');
    const own = {
      frames,
      identify: (token: string) => app.identify(token, kept),
      admit: (userId: number) => services.limits.requests.consume(userId),
      describeError,
    };
    const connection = socketConnection(webSocket, socket);
    const { session, closed } = realtime.open(connection, own, network, identity !== undefined);
    webSocket.on('error', () => {
      // Every error is followed by a close.
    });
    webSocket.on('close', () => {
      closed();
    });
    webSocket.on('pong', () => {
      session.heard();
    });
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) session.close(CLOSE.malformed);
      // eslint-disable-next-line @typescript-eslint/no-base-to-string -- it is a Buffer, which is what ws gives by default
      else session.receive(data.toString());
    });
    if (identity) void session.authenticate(identity);
    else if (socket) boundUnauthenticated(socket, session);
  }
};

/** Counts bytes that arrive before the client has authenticated. */
function boundUnauthenticated(
  socket: Socket,
  session: { readonly userId: number; close(close: typeof CLOSE.notAuthenticated): void },
): void {
  const start = socket.bytesRead;
  const count = () => {
    if (session.userId !== 0) socket.off('data', count);
    else if (socket.bytesRead - start > MAX_UNAUTHENTICATED_BYTES) {
      socket.off('data', count);
      session.close(CLOSE.notAuthenticated);
      socket.destroySoon();
    }
  };
  socket.on('data', count);
}
