import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
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
import { errorModels, type ErrorAnswer } from '../shared/schema.js';
import { refusedBySchema } from './validation.js';

/** After this many seconds a client may try again when the service is not available. */
const RETRY_AFTER_SECONDS = 1;

/** Makes every error an ApiError: the one place where foreign errors are known. */
function toApiError(error: FastifyError | Error): ApiError {
  if (error instanceof ApiError) return error;
  if (isUnavailable(error)) return serviceUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS, cause: error });
  const { validation, validationContext = 'body', statusCode = 500 } = error as FastifyError;
  if (validation) return refusedBySchema(validation, validationContext);
  if (statusCode === 404) return notFound();
  if (statusCode === 413) return payloadTooLarge();
  if (statusCode === 415) return unsupportedMediaType();
  if (statusCode >= 400 && statusCode < 500) return validationError({ errors: { request: error.message } });
  return internalError({ cause: error });
}

/** Makes the error one that a client may see; what is the server's fault goes to the log with its cause. */
function known(error: FastifyError | Error, log: FastifyBaseLogger): ApiError {
  const apiError = toApiError(error);
  if (apiError.cause !== undefined) log.error({ err: apiError.cause }, apiError.message);
  return apiError;
}

/** The envelope of an error that has no HTTP answer to go with. */
export function describeError(error: unknown, requestId: string, log: FastifyBaseLogger): ErrorAnswer {
  const cause = error instanceof Error ? error : new Error(String(error));
  return envelope(known(cause, log.child({ reqId: requestId })), requestId);
}

/** Answers with the error's envelope. */
export function sendError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const apiError = known(error, request.log);
  const { status, extras } = apiError;
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer');
  if (extras.retryAfterSeconds !== undefined) reply.header('Retry-After', extras.retryAfterSeconds);
  return reply.code(status).type('application/json; charset=utf-8').send(envelope(apiError, request.id));
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
  const error = (BROKEN_REQUESTS[code ?? ''] ?? badRequest)();
  const body = JSON.stringify(envelope(error, randomUUID()));
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function envelope({ status, code, message, extras }: ApiError, requestId: string): ErrorAnswer {
  const { errors, chat_id } = extras;
  return {
    status_code: status,
    details: { code, message, request_id: requestId, ...(errors && { errors }), ...(chat_id && { chat_id }) },
  };
}

export const errors = fp(
  (app, _options, done) => {
    const { details, error } = errorModels();
    app.addSchema(details);
    app.addSchema(error);
    app.setErrorHandler(sendError);
    done();
  },
  { name: 'errors' },
);
