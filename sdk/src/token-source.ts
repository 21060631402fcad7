import { MessengerError } from './messenger-error.js';
import { backoffMs, type Timing } from './timing.js';

/** Why a token is needed: to begin with, because the present one will end soon, or because it is not accepted any more. */
export type TokenReason = 'start' | 'expiring' | 'expired';

/**
 * Gives an access token of the user; null: nobody is signed in. When it fails, as it does without a network, it is called
 * again later.
 */
export type GetToken = (request: { readonly reason: TokenReason }) => string | null | Promise<string | null>;

/** So many fresh tokens in a row may be refused: the second says that another one would not help. */
const REFUSALS = 2;

/** Refusals after which no other token would help. */
const FINAL = ['TOKEN_REVOKED', 'USER_SUSPENDED', 'TOKEN_INVALID'];

/** The token to ask with. However many need a new one, `getToken` has one call in flight. */
export class TokenSource {
  readonly #getToken: GetToken;
  readonly #timing: Timing;
  readonly #onEnd: (code: string) => void;
  #token: string | undefined;
  #call: Promise<string> | undefined;
  #refusals = 0;
  #failures = 0;
  /** Before that `getToken` is not called again. */
  #notBefore = 0;
  /** Why there will be no token any more. */
  #end: string | undefined;

  constructor(getToken: GetToken, timing: Timing, onEnd: (code: string) => void) {
    this.#getToken = getToken;
    this.#timing = timing;
    this.#onEnd = onEnd;
  }

  /** How long to wait until a token may be asked for again. */
  get waitMs(): number {
    return Math.max(0, this.#notBefore - Date.now());
  }

  /** @throws MessengerError when there is none at the moment, or when there will be none. */
  get(): Promise<string> {
    return this.#token === undefined ? this.#renew('start') : Promise.resolve(this.#token);
  }

  /** A token in place of an old one, unless somebody has renewed that already. */
  renew(reason: TokenReason, old: string): Promise<string> {
    if (this.#token !== undefined && this.#token !== old) return Promise.resolve(this.#token);
    return this.#renew(reason);
  }

  accepted(): void {
    this.#refusals = 0;
  }

  /** The server does not accept the token. @param why of the refusal, when the server says it. */
  refused(token: string, why?: string): void {
    if (token !== this.#token) return;
    this.#token = undefined;
    if (why !== undefined && FINAL.includes(why)) this.#stop(why);
    else if (++this.#refusals >= REFUSALS) this.#stop(why ?? 'NOT_AUTHORIZED');
  }

  /** Somebody has signed in again. */
  restart(): void {
    this.#token = this.#end = undefined;
    this.#refusals = this.#failures = this.#notBefore = 0;
  }

  #renew(reason: TokenReason): Promise<string> {
    return (this.#call ??= this.#ask(this.#refusals > 0 ? 'expired' : reason).finally(() => {
      this.#call = undefined;
    }));
  }

  async #ask(reason: TokenReason): Promise<string> {
    if (this.#end !== undefined) throw unauthorized(this.#end);
    if (this.waitMs > 0) throw MessengerError.offline();
    let token: string | null;
    try {
      token = await this.#getToken({ reason });
    } catch (cause) {
      const { tokenFirstMs, tokenLongestMs } = this.#timing;
      const ms = Math.min(tokenLongestMs, tokenFirstMs * 2 ** this.#failures++);
      this.#notBefore = Date.now() + ms / 2 + backoffMs(0, ms / 2, ms);
      throw MessengerError.offline(cause);
    }
    this.#failures = 0;
    if (token === null) {
      this.#stop('SIGNED_OUT');
      throw unauthorized('SIGNED_OUT');
    }
    return (this.#token = token);
  }

  #stop(code: string): void {
    this.#end = code;
    this.#token = undefined;
    this.#onEnd(code);
  }
}

function unauthorized(code: string): MessengerError {
  return new MessengerError('UNAUTHORIZED', 'There is no access token.', 401, { reason: code });
}
