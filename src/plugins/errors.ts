import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { isUnavailable } from '../database/index.js';
import {
  ApiError,
  internalError,
  notFound,
  payloadTooLarge,
  serviceUnavailable,
  unsupportedMediaType,
  validationError,
} from '../shared/errors.js';
import { errorSchema, type ErrorAnswer } from '../shared/schema.js';
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

/** Answers with the error's envelope; what is the server's fault goes to the log with its cause. */
export function sendError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toApiError(error);
  if (known.status >= 500) request.log.error({ err: known.cause ?? known }, known.message);
  if (known.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  if (known.extras.retryAfterSeconds !== undefined) reply.header('Retry-After', known.extras.retryAfterSeconds);
  return reply.code(known.status).type('application/json; charset=utf-8').send(envelope(known, request.id));
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
    app.addSchema(errorSchema());
    app.setErrorHandler(sendError);
    done();
  },
  { name: 'errors' },
);
