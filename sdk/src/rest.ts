import { MessengerError } from './messenger-error.js';
import type { Timing } from './timing.js';
import type { TokenSource } from './token-source.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const UNAUTHORIZED = 401;

/** Requests of the REST API, with the user's token. */
export class Rest {
  readonly #url: string;
  readonly #tokens: TokenSource;
  readonly #timing: Timing;
  constructor(url: string, tokens: TokenSource, timing: Timing) {
    this.#url = url;
    this.#tokens = tokens;
    this.#timing = timing;
  }

  /** @throws MessengerError */
  async ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const token = await this.#tokens.get();
    try {
      return await this.#try<T>(method, path, token, body);
    } catch (error) {
      if (!(error instanceof MessengerError) || error.status !== UNAUTHORIZED) throw error;
    }
    return await this.#try<T>(method, path, await this.#tokens.renew('expired', token), body);
  }

  /** The answer as it comes: an event stream. @throws MessengerError */
  async open(path: string, token: string, signal: AbortSignal): Promise<Response> {
    return await this.#fetch('GET', path, token, undefined, signal);
  }

  async #try<T>(method: Method, path: string, token: string, body: unknown): Promise<T> {
    const response = await this.#fetch(method, path, token, body, AbortSignal.timeout(this.#timing.answerTimeoutMs));
    try {
      return (await response.json()) as T;
    } catch (cause) {
      throw MessengerError.offline(cause);
    }
  }

  async #fetch(method: Method, path: string, token: string, body: unknown, signal: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.#url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // The token says who asks; nothing that a browser adds does.
        credentials: 'omit',
        cache: 'no-store',
        signal,
      });
    } catch (cause) {
      throw MessengerError.offline(cause);
    }
    if (response.ok) {
      this.#tokens.accepted();
      return response;
    }
    const error = MessengerError.of(response.status, await response.json().catch(() => undefined));
    if (error.status === UNAUTHORIZED) this.#tokens.refused(token, error.details.reason as string | undefined);
    throw error;
  }
}
