import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import type { Config } from './config/index.js';
import type { Database } from './database/index.js';
import { authModels, authRoutes } from './features/auth/index.js';
import { chatModels, chatRoutes } from './features/chats/index.js';
import { messageModels, messageRoutes } from './features/messages/index.js';
import { userModels, userRoutes } from './features/users/index.js';
import { authentication } from './plugins/authentication.js';
import { errors, refuseBrokenRequest, sendError } from './plugins/errors.js';
import { health } from './plugins/health.js';
import { jsonBodies } from './plugins/json-bodies.js';
import { loadShedding } from './plugins/load-shedding.js';
import { notFoundHandler } from './plugins/not-found.js';
import { openapi } from './plugins/openapi.js';
import { rateLimits } from './plugins/rate-limits.js';
import { RequestLog } from './plugins/request-log.js';
import { securityHeaders } from './plugins/security-headers.js';
import { schemaOptions } from './plugins/validation.js';
import type { Logger } from './shared/logger.js';
import { Success } from './shared/success.js';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** How long a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface Dependencies {
  readonly db: Database;
  readonly log: Logger;
  /** undefined: this process is the only one. */
  readonly redis?: Redis | undefined;
}

export type AppConfig = Pick<
  Config,
  'jwt' | 'corsOrigins' | 'trustProxy' | 'rateLimits' | 'logRequestsPerSecond' | 'maxConcurrentRequests'
>;

/** The whole server but for the port. */
export async function buildApp(config: AppConfig, { db, log, redis }: Dependencies): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    genReqId: () => randomUUID(),
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    logController: new RequestLog(log, config.logRequestsPerSecond),
    // While it closes, requests on open connections are still answered; who asks the load balancer is told by ready.
    return503OnClosing: false,
    ...schemaOptions,
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      sendError(error, request, reply);
    },
  });

  await app.register(securityHeaders);
  if (config.corsOrigins !== false) {
    await app.register(cors, {
      origin: config.corsOrigins as string[] | true,
      methods: ['GET', 'POST', 'PATCH', 'DELETE'],
      exposedHeaders: ['Retry-After', 'WWW-Authenticate'],
      strictPreflight: false,
    });
  }
  await app.register(errors);
  await app.register(notFoundHandler);
  await app.register(jsonBodies);
  await app.register(openapi);
  await app.register(rateLimits, { ...config.rateLimits, redis });
  await app.register(authentication, config.jwt);

  for (const model of [...authModels, ...userModels, ...messageModels, ...chatModels, Success]) app.addSchema(model);

  await app.register(health, { db });
  await app.register(authRoutes, { db });
  await app.register(async (authenticated) => {
    await authenticated.register(loadShedding, { maxConcurrent: config.maxConcurrentRequests });
    authenticated.addHook('onRequest', (request, _reply, next) => {
      app.authenticate(request);
      next();
    });
    await authenticated.register(userRoutes, { db });
    await authenticated.register(chatRoutes, { db });
    await authenticated.register(messageRoutes, { db });
  });
  return app;
}
