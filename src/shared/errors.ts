/** What an error answer may carry beyond its kind. */
export interface ErrorExtras {
  /** What is wrong, by the name of the field. */
  readonly errors?: Record<string, string>;
  /** The private chat that exists already. */
  readonly chat_id?: number;
  /** With CHANGED_MEANWHILE of a message: the message as it is now. */
  readonly current?: object;
  /** With CHAT_DOES_NOT_EXIST, of a repeated send: an earlier try had been kept, before the user left. */
  readonly sent?: boolean;
  /** With RESTRICTED: when it ends; undefined: not by itself. */
  readonly until?: string | undefined;
  /** With FILTERED: what the application says of it; undefined: nothing. */
  readonly text?: string | undefined;
  /** With NOT_AUTHORIZED: why. */
  readonly reason?: string | undefined;
  /** Seconds after which another try makes sense. */
  readonly retryAfterSeconds?: number;
  /** The same to the millisecond, with SLOW_MODE. */
  readonly retryAfterMs?: number;
  /** Kept for the log, never shown. */
  readonly cause?: unknown;
}

/** An answer that is not a success: a stable code for programs, words for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extras: ErrorExtras = {},
  ) {
    super(message, { cause: extras.cause });
  }
}

/** Makes errors of one kind, and says what they are for the API's description. */
export interface ErrorKind {
  (extras?: ErrorExtras): ApiError;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const kinds = new Map<string, ErrorKind>();

export function defineError(status: number, code: string, message: string): ErrorKind {
  const make = (extras?: ErrorExtras) => new ApiError(status, code, message, extras);
  const kind = Object.assign(make, { status, code, message });
  kinds.set(code, kind);
  return kind;
}

/** The code of every kind that has been defined, in alphabetical order. */
export function errorCodes(): string[] {
  return [...kinds.keys()].sort();
}

export const badRequest = defineError(400, 'BAD_REQUEST', 'This is not a valid HTTP request.');
export const notAuthorized = defineError(401, 'NOT_AUTHORIZED', 'A valid access token is required.');
export const notFound = defineError(404, 'NOT_FOUND', 'There is nothing at this address.');
/** The same for a chat that there is not and for one in which the caller takes no part. */
export const chatDoesNotExist = defineError(404, 'CHAT_DOES_NOT_EXIST', "This chat doesn't exist.");
export const methodNotAllowed = defineError(405, 'METHOD_NOT_ALLOWED', 'This address does not take this method.');
export const requestTimeout = defineError(408, 'REQUEST_TIMEOUT', 'The request took too long to arrive.');
export const payloadTooLarge = defineError(413, 'PAYLOAD_TOO_LARGE', 'The body is too large.');
export const unsupportedMediaType = defineError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json.');
export const validationError = defineError(422, 'VALIDATION_ERROR', 'The request is not valid.');
export const slowMode = defineError(429, 'SLOW_MODE', 'This group is in slow mode: write again later.');
export const tooManyRequests = defineError(429, 'TOO_MANY_REQUESTS', 'Too many requests. Try again later.');
export const expectationFailed = defineError(417, 'EXPECTATION_FAILED', 'Only "Expect: 100-continue" is understood.');
export const headersTooLarge = defineError(431, 'HEADERS_TOO_LARGE', 'The headers are too large.');
export const internalError = defineError(500, 'INTERNAL_ERROR', 'Something went wrong on our side.');
export const serviceUnavailable = defineError(
  503,
  'SERVICE_UNAVAILABLE',
  'The service is not available at the moment. Try again.',
);
