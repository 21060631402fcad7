import type { ApiError } from './wire.js';

/** Something that the server has refused, or that could not be asked. */
export class MessengerError extends Error {
  override readonly name = 'MessengerError';

  constructor(
    /** Such as `CHAT_DOES_NOT_EXIST`; `OFFLINE` when there was no answer, `UNAUTHORIZED` when there is no token to ask with. */
    readonly code: string,
    message: string,
    /** The status of the answer; 0: there was none. */
    readonly status = 0,
    /** Whatever else the server says, such as `errors` by field, or `current`, the present state of what has changed. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** There was no answer, or nobody could be asked. */
  static offline(cause?: unknown): MessengerError {
    return Object.assign(new MessengerError('OFFLINE', 'There is no connection.'), { cause });
  }

  /** What an answer of the server says. */
  static of(status: number, body: unknown): MessengerError {
    const details = (body as Partial<ApiError> | undefined)?.details;
    // A proxy may answer in the server's place.
    if (!details?.code) return new MessengerError('UNKNOWN', `The server answered with ${status}.`, status);
    return new MessengerError(details.code, details.message, status, { ...details });
  }

  /** How long to wait before another try, as far as the server says it. */
  get retryAfterMs(): number {
    return Number(this.details.retry_after ?? 0) * 1000;
  }

  /** Whether the same request may have another answer later: the refusal says nothing about the request. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429 || this.status === 401;
  }
}
