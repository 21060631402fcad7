import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import { memoryCluster, memoryLimiter, type Cluster } from './cluster/index.js';
import type { Config } from './config/index.js';
import { createStatements, type Database, type Statements } from './database/index.js';
import {
  MessageFilters,
  asksForSocket,
  features,
  modelsOf,
  readModel,
  registry,
  requireAdmin,
  requireKey,
  requireUser,
  type Services,
} from './features/index.js';
import { HostTokens } from './host-tokens/index.js';
import { Mailer, type MailTimes, type Transport } from './mail/index.js';
import { authentication } from './plugins/authentication.js';
import { clientNetwork } from './plugins/client-network.js';
import { devMail } from './plugins/dev-mail.js';
import { ErrorAnswers, answerWithoutRequest, errors, refuseBrokenRequest } from './plugins/errors.js';
import { health } from './plugins/health.js';
import { createHttpServer } from './plugins/http-server.js';
import { jsonBodies } from './plugins/json-bodies.js';
import { loadShedding } from './plugins/load-shedding.js';
import { notFoundHandler } from './plugins/not-found.js';
import { openapi } from './plugins/openapi.js';
import { rateLimits } from './plugins/rate-limits.js';
import { RequestLog, requestLogger } from './plugins/request-log.js';
import { requestHeaders } from './plugins/request-headers.js';
import { requestMetrics } from './plugins/request-metrics.js';
import { requestTurns } from './plugins/request-turns.js';
import { requestLimit } from './plugins/request-limit.js';
import { securityHeaders } from './plugins/security-headers.js';
import { unreadAnswers } from './plugins/unread-answers.js';
import { readWebPage, webPageFiles } from './plugins/web-page.js';
import { compileCheck, schemaOptions } from './plugins/validation.js';
import { FrameHandlers, Realtime, type InspectFrame, type Store } from './realtime/index.js';
import { badRequest } from './shared/errors.js';
import { SecondFactors } from './second-factor/index.js';
import type { Logger } from './shared/logger.js';
import { LoginGuard } from './shared/login-guard.js';
import { runWhileOpen } from './shared/run-while-open.js';
import { SecurityLog } from './shared/security-log.js';
import { RefreshCookie, RefreshTokens, Revocations } from './tokens/index.js';
import { Success } from './shared/success.js';

/** The longest message or password fits, each of its characters escaped. A route that needs more says so. */
const BODY_LIMIT_BYTES = 32 * 1024;
/** An id of the host application has 255 characters, each up to four bytes, each of these three letters in a path. */
const MAX_PATH_PARAMETER = 255 * 4 * 3 + 'ext:'.length;
/** However few sockets may be open, an address may have so many connections. */
const MIN_CONNECTIONS_PER_ADDRESS = 200;

export interface Dependencies {
  readonly db: Database;
  readonly log: Logger;
  /** undefined: this process is the only one. */
  readonly cluster?: Cluster | undefined;
  /** Looks at every frame that leaves the server, in tests. */
  readonly inspectFrame?: InspectFrame | undefined;
  /** When mails are sent, in tests. */
  readonly mailTimes?: MailTimes | undefined;
  /** What takes the mails in place of a mail server, in tests. */
  readonly mailTransport?: Transport | undefined;
}

export type AppConfig = Pick<
  Config,
  | 'publicUrl'
  | 'webPage'
  | 'jwt'
  | 'jwtIssuers'
  | 'development'
  | 'corsOrigins'
  | 'trustProxy'
  | 'rateLimits'
  | 'logRequestsPerSecond'
  | 'messages'
  | 'publicGroups'
  | 'maxConcurrentRequests'
  | 'maxSockets'
  | 'socketCompression'
  | 'mail'
  | 'twoFactor'
  | 'reportReasons'
>;

/** The whole server but for the port. */
export async function buildApp(
  config: AppConfig,
  { db, log, cluster = memoryCluster(), inspectFrame, mailTimes, mailTransport }: Dependencies,
): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = log;
  const security = new SecurityLog(log, config.logRequestsPerSecond);
  const answers = new ErrorAnswers(log, config.logRequestsPerSecond, security);
  // Behind a proxy all clients have the address of the proxy.
  const isBehindProxy = config.trustProxy !== false;
  const share = Math.max(MIN_CONNECTIONS_PER_ADDRESS, Math.ceil(config.maxSockets / 2));
  const app = Fastify({
    loggerInstance,
    genReqId: () => randomUUID(),
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
    serverFactory: (handle) =>
      createHttpServer(handle, {
        mayUpgrade: asksForSocket,
        maxConnectionsPerAddress: isBehindProxy ? Infinity : share,
      }),
    logController: new RequestLog(log, config.logRequestsPerSecond),
    childLoggerFactory: requestLogger,
    // While the server closes, requests on open connections are still answered; load balancers learn it from `ready`.
    return503OnClosing: false,
    ...schemaOptions,
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      answers.send(error, request, reply);
    },
  });

  await app.register(requestMetrics);
  await app.register(securityHeaders);
  if (config.corsOrigins !== false) {
    await app.register(cors, {
      origin: config.corsOrigins as (string | RegExp)[] | true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['Retry-After', 'WWW-Authenticate'],
      strictPreflight: false,
    });
  }
  await app.register(clientNetwork);
  await app.register(errors, { answers });
  await app.register(requestHeaders);
  await app.register(requestTurns);
  const page = config.webPage === undefined ? undefined : readWebPage(config.webPage, config);
  if (config.webPage !== undefined && !page) log.warn('the page for browsers has not been built: npm run build');
  await app.register(notFoundHandler, { page });
  await app.register(jsonBodies);
  await app.register(openapi, { publicUrl: config.publicUrl, tags: features.flatMap(({ tag }) => tag ?? []) });
  await app.register(rateLimits, {
    limits: config.rateLimits,
    shared: cluster.createLimiter,
    local: memoryLimiter,
  });
  const statements = createStatements(db, readModel);
  const revocations = new Revocations({
    db,
    statements,
    log,
    onRevoked: (refusalOf) => {
      realtime.endRevoked(refusalOf);
    },
  });
  runWhileOpen(app, revocations);
  const filter = new MessageFilters(statements, log);
  runWhileOpen(app, filter);
  const { secret, previousSecret } = config.jwt;
  const secrets = [secret, ...(previousSecret === undefined ? [] : [previousSecret])];
  await app.register(authentication, {
    ...config.jwt,
    refusalOf: (identity) => revocations.refusalOf(identity),
    tokensFrom: (userId) => revocations.tokensFrom(userId),
  });
  await app.register(requestLimit);
  await app.register(unreadAnswers);

  const models = modelsOf(config.messages);
  for (const model of [...models, Success]) app.addSchema(model);

  const realtime = new Realtime({
    broker: cluster.broker,
    registry: cluster.presence,
    store: storeOf(statements),
    log,
    maxConnections: config.maxSockets,
    inspect: inspectFrame,
  });
  const mailer = config.mail && new Mailer(config.mail, { db, log, times: mailTimes, transport: mailTransport });
  if (mailer) runWhileOpen(app, mailer);
  const own = {
    ...{ mailer, db, statements, model: readModel, live: realtime, log, registry, realtime, security, config },
    limits: app.rateLimits,
    loginGuard: new LoginGuard(app.rateLimits),
    ...{ revocations, filter },
    refreshTokens: new RefreshTokens(secrets),
    refreshCookie: new RefreshCookie(config.publicUrl),
    secondFactors: new SecondFactors(secrets, log),
    hostTokens: new HostTokens(config.jwtIssuers, log),
    describeError: (error: unknown, requestId: string) => answers.describe(error, requestId, app.log),
    refuseHandshake: (socket: Duplex) => {
      answerWithoutRequest(badRequest(), socket);
    },
  };
  const handlers = features.flatMap(({ frames }) => frames?.(own) ?? []);
  const services: Services = { ...own, frames: new FrameHandlers(handlers, (schema) => compileCheck(schema, models)) };

  await app.register(health, { db });
  if (page) await app.register(webPageFiles, page);
  if (mailer?.mailbox) await app.register(devMail, { mailbox: mailer.mailbox });
  for (const { openRoutes } of features)
    if (openRoutes) await app.register(openRoutes as FastifyPluginAsync<Services>, services);
  await app.register(async (authenticated) => {
    authenticated.addHook('onRequest', requireUser);
    await authenticated.register(loadShedding, { maxConcurrent: config.maxConcurrentRequests });
    for (const { routes } of features)
      if (routes) await authenticated.register(routes as FastifyPluginAsync<Services>, services);
  });
  await app.register(async (server) => {
    server.addHook('onRequest', requireKey);
    await server.register(loadShedding, { maxConcurrent: config.maxConcurrentRequests });
    for (const { serverRoutes } of features)
      if (serverRoutes) await server.register(serverRoutes as FastifyPluginAsync<Services>, services);
  });
  await app.register(async (admin) => {
    admin.addHook('onRequest', requireAdmin(services));
    await admin.register(loadShedding, { maxConcurrent: config.maxConcurrentRequests });
    for (const { adminRoutes } of features)
      if (adminRoutes) await admin.register(adminRoutes as FastifyPluginAsync<Services>, services);
  });
  for (const { credentials } of features) app.credentials.push(...(credentials?.(services) ?? []));
  return app;
}

/** What real time asks of the database. */
function storeOf({ user, chat, participant, epoch }: Statements): Store {
  return {
    membershipsOf: (userId) => user.memberships(userId),
    check: (pairs) => participant.check(pairs),
    positions: (chatIds) => chat.positions(chatIds),
    joinsAfter: (order, limit) => participant.joinedAfter(order, limit),
    lastJoin: () => participant.lastJoin(),
    epoch: () => epoch.value(),
    ownPositions: (userIds) => user.positions(userIds),
    contacts: (userId, otherIds, chats) => user.contacts(userId, otherIds, chats),
    seen: (userIds) => user.markSeen(userIds),
  };
}
