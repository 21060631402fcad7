import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Config } from './config/index.js';
import type { Database } from './database/index.js';
import { authModels, authRoutes } from './features/auth/index.js';
import { chatChangeRoutes, chatFrames, chatModels, chatRoutes } from './features/chats/index.js';
import { asksForSocket, connectionRoutes } from './features/connections/index.js';
import { messageFrames, messageModels, messageRoutes } from './features/messages/index.js';
import { chatDoesNotExist } from './features/participants/index.js';
import { sync, syncFrames, syncModels, syncRoutes } from './features/sync/index.js';
import { userModels, userRoutes } from './features/users/index.js';
import { authentication } from './plugins/authentication.js';
import { clientNetwork } from './plugins/client-network.js';
import { ErrorAnswers, answerWithoutRequest, errors, refuseBrokenRequest } from './plugins/errors.js';
import { health } from './plugins/health.js';
import { createHttpServer } from './plugins/http-server.js';
import { jsonBodies } from './plugins/json-bodies.js';
import { loadShedding } from './plugins/load-shedding.js';
import { notFoundHandler } from './plugins/not-found.js';
import { openapi } from './plugins/openapi.js';
import { rateLimits } from './plugins/rate-limits.js';
import { RequestLog } from './plugins/request-log.js';
import { requestHeaders } from './plugins/request-headers.js';
import { requestTurns } from './plugins/request-turns.js';
import { requestLimit } from './plugins/request-limit.js';
import { securityHeaders } from './plugins/security-headers.js';
import { unreadAnswers } from './plugins/unread-answers.js';
import { compileCheck, schemaOptions } from './plugins/validation.js';
import {
  FrameValidators,
  MemoryBroker,
  MemoryPresence,
  Realtime,
  RedisBroker,
  RedisPresence,
  type Store,
} from './realtime/index.js';
import { badRequest, notAuthorized } from './shared/errors.js';
import type { Logger } from './shared/logger.js';
import type { RedisConnections } from './shared/redis.js';
import { SecurityLog } from './shared/security-log.js';
import { Success } from './shared/success.js';

/** The longest message or password fits, each of its characters escaped. A route that needs more says so. */
const BODY_LIMIT_BYTES = 32 * 1024;
/** However few sockets may be open, an address may have so many connections. */
const MIN_CONNECTIONS_PER_ADDRESS = 200;

export interface Dependencies {
  readonly db: Database;
  readonly log: Logger;
  /** undefined: this process is the only one. */
  readonly redis?: RedisConnections | undefined;
}

export type AppConfig = Pick<
  Config,
  | 'publicUrl'
  | 'jwt'
  | 'corsOrigins'
  | 'trustProxy'
  | 'rateLimits'
  | 'logRequestsPerSecond'
  | 'maxConcurrentRequests'
  | 'maxSockets'
  | 'socketCompression'
>;

/** The whole server but for the port. */
export async function buildApp(config: AppConfig, { db, log, redis }: Dependencies): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = log;
  const security = new SecurityLog(log, config.logRequestsPerSecond);
  const answers = new ErrorAnswers(log, config.logRequestsPerSecond, security);
  // Behind a proxy its address stands for everybody.
  const isBehindProxy = config.trustProxy !== false;
  const share = Math.max(MIN_CONNECTIONS_PER_ADDRESS, Math.ceil(config.maxSockets / 2));
  const app = Fastify({
    loggerInstance,
    genReqId: () => randomUUID(),
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    serverFactory: (handle) =>
      createHttpServer(handle, {
        mayUpgrade: asksForSocket,
        maxConnectionsPerAddress: isBehindProxy ? Infinity : share,
      }),
    logController: new RequestLog(log, config.logRequestsPerSecond),
    // While it closes, requests on open connections are still answered; who asks the load balancer is told by ready.
    return503OnClosing: false,
    ...schemaOptions,
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      answers.send(error, request, reply);
    },
  });

  await app.register(securityHeaders);
  if (config.corsOrigins !== false) {
    await app.register(cors, {
      origin: config.corsOrigins as (string | RegExp)[] | true,
      methods: ['GET', 'POST', 'PATCH', 'DELETE'],
      exposedHeaders: ['Retry-After', 'WWW-Authenticate'],
      strictPreflight: false,
    });
  }
  await app.register(clientNetwork);
  await app.register(errors, { answers });
  await app.register(requestHeaders);
  await app.register(requestTurns);
  await app.register(notFoundHandler);
  await app.register(jsonBodies);
  await app.register(openapi, { publicUrl: config.publicUrl });
  await app.register(rateLimits, { limits: config.rateLimits, redis });
  await app.register(authentication, config.jwt);
  await app.register(requestLimit);
  await app.register(unreadAnswers);

  for (const model of [...authModels, ...userModels, ...messageModels, ...chatModels, ...syncModels, Success]) {
    app.addSchema(model);
  }

  const live = new Realtime(
    redis ? new RedisBroker(redis, log) : new MemoryBroker(),
    redis ? new RedisPresence(redis, randomUUID()) : new MemoryPresence(),
    storeOf(db),
    log,
    config.maxSockets,
  );
  const frameHandlers = [...messageFrames(db, live, app.rateLimits), ...chatFrames(db, live), ...syncFrames(db, log)];

  await app.register(health, { db });
  await app.register(authRoutes, { db, security });
  await app.register(connectionRoutes, {
    realtime: live,
    frames: new FrameValidators(frameHandlers, compileCheck, chatDoesNotExist),
    corsOrigins: config.corsOrigins,
    compression: config.socketCompression,
    streamSource: {
      sync: (userId, request) => sync(db, log, userId, request),
      chat: async (userId, chatId) => (await db.chat.findFor({ userId, chatId, participants: undefined })) ?? undefined,
    },
    describeError: (error, requestId) => answers.describe(error, requestId, app.log),
    refuseHandshake: (socket) => {
      answerWithoutRequest(badRequest(), socket);
    },
    identify: (token) => app.identify(token),
  });
  await app.register(async (authenticated) => {
    authenticated.addHook('onRequest', (request, _reply, next) => {
      next(request.userId === 0 ? notAuthorized() : undefined);
    });
    await authenticated.register(loadShedding, { maxConcurrent: config.maxConcurrentRequests });
    await authenticated.register(userRoutes, { db });
    await authenticated.register(chatRoutes, { db, live, log });
    await authenticated.register(chatChangeRoutes, { db, live });
    await authenticated.register(messageRoutes, { db, live });
    await authenticated.register(syncRoutes, { db, log });
  });
  return app;
}

/** What real time asks of the database. */
function storeOf({ user, chat, chatParticipant, syncEpoch }: Database): Store {
  return {
    chatsOf: (userId) => chatParticipant.ofUser(userId),
    check: (pairs) => chatParticipant.check(pairs),
    positions: (chatIds) => chat.positions(chatIds),
    joinsAfter: (order, limit) => chatParticipant.joinedAfter(order, limit),
    lastJoin: () => chatParticipant.lastJoin(),
    epoch: () => syncEpoch.value(),
    existing: (userIds) => user.existing(userIds),
    contacts: (userId, otherIds) => user.contacts(userId, otherIds),
    seen: (userIds) => user.markSeen(userIds),
  };
}
