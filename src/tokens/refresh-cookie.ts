import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notAuthorized } from '../shared/errors.js';
import { isOwnOrigin, originNotAllowed } from '../shared/own-origin.js';

/** A session that is not refreshed for so long ends. */
export const IDLE_SECONDS = 30 * 24 * 60 * 60;

const NAME = 'messenger_refresh';
/** The one address to which browsers send it. */
const PATH = '/token/refresh';

/** A request that may ask for the cookie. */
type Asking = FastifyRequest<{ Body: { readonly cookie?: boolean } }>;

/** Where the refresh token of the server's own page is: out of reach of its scripts, and of other pages. */
export class RefreshCookie {
  readonly #path: string;
  readonly #isSecure: boolean;

  /** @param publicUrl where clients reach the server; undefined: nobody has said. */
  constructor(publicUrl: string | undefined) {
    const url = publicUrl === undefined ? undefined : new URL(publicUrl);
    this.#path = (url?.pathname ?? '').replace(/\/$/, '') + PATH;
    this.#isSecure = url?.protocol === 'https:';
  }

  /** @throws ORIGIN_NOT_ALLOWED when a page of another server asks for it. */
  check(request: Asking): void {
    if (request.body.cookie && !isOwnOrigin(request)) throw originNotAllowed();
  }

  /** What is answered: where the request asks for the cookie, the refresh token is in it alone. */
  answer<Tokens extends { readonly refresh_token?: string }>(
    request: Asking,
    reply: FastifyReply,
    tokens: Tokens,
  ): Omit<Tokens, 'refresh_token'> {
    if (!request.body.cookie) return tokens;
    const { refresh_token: token = '', ...shown } = tokens;
    this.#set(request, reply, token, IDLE_SECONDS);
    return shown;
  }

  /** @throws ORIGIN_NOT_ALLOWED; NOT_AUTHORIZED when the browser has none. */
  read(request: Asking): string {
    this.check(request);
    const token = parseCookie(request.headers.cookie ?? '')[NAME];
    if (token === undefined || token === '') throw notAuthorized();
    return token;
  }

  remove(request: Pick<FastifyRequest, 'protocol'>, reply: FastifyReply): void {
    this.#set(request, reply, '', 0);
  }

  #set({ protocol }: Pick<FastifyRequest, 'protocol'>, reply: FastifyReply, value: string, maxAge: number): void {
    const secure = this.#isSecure || protocol === 'https';
    const cookie = { name: NAME, value, maxAge, path: this.#path, httpOnly: true, sameSite: 'strict', secure } as const;
    reply.header('set-cookie', stringifySetCookie(cookie));
  }
}
