import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { isUnavailable } from '../database/index.js';
import {
  ApiError,
  badRequest,
  headersTooLarge,
  internalError,
  notFound,
  payloadTooLarge,
  requestTimeout,
  serviceUnavailable,
  unsupportedMediaType,
  validationError,
  type ErrorKind,
} from '../shared/errors.js';
import { SecondBudget } from '../shared/second-budget.js';
import { errorModels, type ErrorAnswer } from '../shared/schema.js';
import type { Owner } from '../shared/round-robin.js';
import type { SecurityLog } from '../shared/security-log.js';
import { ownerOf } from './client-network.js';
import { refusedBySchema } from './validation.js';

/** After this many seconds a client may try again when the service is not available. */
const RETRY_AFTER_SECONDS = 1;

/** How many answers 429 a user or network gets at once. More come late: a caller that goes on asking must not keep the processor busy. */
const PROMPT_REFUSALS_PER_SECOND = 20;
const LATE_REFUSAL_MS = 500;

function isRefusal(error: Error): boolean {
  return error instanceof ApiError && error.status === 429;
}

/** Makes every error an ApiError: the one place where foreign errors are known. */
function toApiError(error: FastifyError | Error): ApiError {
  if (error instanceof ApiError) return error;
  const { validation, validationContext = 'body', statusCode = 500 } = error as FastifyError;
  if (validation) return refusedBySchema(validation, validationContext);
  if (statusCode === 404) return notFound();
  if (statusCode === 413) return payloadTooLarge();
  if (statusCode === 415) return unsupportedMediaType();
  // Before the codes of connections are looked at, since the client's own connection may be the one that broke.
  if (statusCode >= 400 && statusCode < 500) return validationError({ errors: { request: error.message } });
  if (isUnavailable(error)) return serviceUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS, cause: error });
  return internalError({ cause: error });
}

/** Errors that suggest an attack rather than a mistake of the client. */
const REFUSED_ACCESS = new Set(['CHAT_DOES_NOT_EXIST', 'MESSAGE_DOES_NOT_EXIST']);
/** Statuses 403 that refuse no access. */
const NO_SECRET = new Set(['CHAT_EXISTS', 'CHAT_FROZEN', 'RESTRICTED', 'ALREADY_AUTHENICATED']);

function securityEventOf({ status, code }: ApiError): 'access_refused' | 'limit_reached' | undefined {
  if (status === 429) return 'limit_reached';
  if (status === 401 || REFUSED_ACCESS.has(code)) return 'access_refused';
  return status === 403 && !NO_SECRET.has(code) ? 'access_refused' : undefined;
}

/** Answers with errors, and logs those that an operator should see: so many a second of each code. */
export class ErrorAnswers {
  readonly #security: SecurityLog;
  readonly #lines: SecondBudget<string>;

  constructor(log: FastifyBaseLogger, linesPerSecond: number, security: SecurityLog) {
    this.#security = security;
    this.#lines = new SecondBudget(linesPerSecond, (more) => {
      log.error({ more }, 'more errors');
    });
  }

  /** The envelope of an error that has no HTTP answer to go with. */
  describe(error: unknown, requestId: string, log: FastifyBaseLogger): ErrorAnswer {
    const cause = error instanceof Error ? error : new Error(String(error));
    const apiError = this.#known(cause, log.child({ reqId: requestId }));
    const { status_code, details } = envelope(apiError, requestId);
    const { retryAfterSeconds } = apiError.extras;
    return { status_code, details: { ...details, ...(retryAfterSeconds && { retry_after: retryAfterSeconds }) } };
  }

  /** Answers with the error's envelope. */
  send(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const apiError = this.#known(error, request.log);
    const { status, extras } = apiError;
    const event = securityEventOf(apiError);
    if (event) this.#security.record(event, { ...securityDetails(request), reason: apiError.code });
    if (status === 401) reply.header('WWW-Authenticate', 'Bearer');
    if (extras.retryAfterSeconds !== undefined) reply.header('Retry-After', extras.retryAfterSeconds);
    return reply.code(status).type('application/json; charset=utf-8').send(envelope(apiError, request.id));
  }

  /** Makes the error one that a client may see; what is the server's fault goes to the log with its cause. */
  #known(error: FastifyError | Error, log: FastifyBaseLogger): ApiError {
    const apiError = toApiError(error);
    if (apiError.cause !== undefined && this.#lines.take(apiError.code)) {
      log.error({ err: apiError.cause }, apiError.message);
    }
    return apiError;
  }
}

/** What a security log line says of a request. */
function securityDetails(request: FastifyRequest) {
  return {
    reqId: request.id,
    address: request.ip,
    ...(request.userId > 0 && { account_id: request.userId }),
    operation: `${request.method} ${request.routeOptions.url ?? '?'}`,
  };
}

const BROKEN_REQUESTS: Record<string, ErrorKind> = {
  ERR_HTTP_REQUEST_TIMEOUT: requestTimeout,
  HPE_HEADER_OVERFLOW: headersTooLarge,
};

/** Answers what is no request, so that no handler will ever see it. */
export function refuseBrokenRequest({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  answerWithoutRequest((BROKEN_REQUESTS[code ?? ''] ?? badRequest)(), socket);
}

/** Answers where there is no request that Fastify could answer, and closes the connection. */
export function answerWithoutRequest(error: ApiError, socket: Duplex | null): void {
  const body = JSON.stringify(envelope(error, randomUUID()));
  socket?.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function envelope({ status, code, message, extras }: ApiError, requestId: string): ErrorAnswer {
  const { errors, chat_id, current, sent, reason, retryAfterMs, text, until } = extras;
  return {
    status_code: status,
    details: {
      code,
      message,
      request_id: requestId,
      ...(reason && { reason }),
      ...(errors && { errors }),
      ...(chat_id && { chat_id }),
      ...(current && { current }),
      ...(sent && { sent }),
      ...(text !== undefined && { text }),
      ...(until !== undefined && { until }),
      ...(retryAfterMs && { retry_after_ms: retryAfterMs }),
    },
  };
}

export const errors = fp<{ answers: ErrorAnswers }>(
  (app, { answers }, done) => {
    const { details, error } = errorModels();
    app.addSchema(details);
    app.addSchema(error);
    const prompt = new SecondBudget<Owner>(PROMPT_REFUSALS_PER_SECOND);
    app.setErrorHandler((error: FastifyError | Error, request, reply) => {
      if (!isRefusal(error) || prompt.take(ownerOf(request))) return answers.send(error, request, reply);
      setTimeout(() => {
        answers.send(error, request, reply);
      }, LATE_REFUSAL_MS);
      return undefined;
    });
    done();
  },
  { name: 'errors', dependencies: ['client-network'] },
);
