import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notAuthorized } from '../shared/errors.js';
import { isOwnOrigin, originNotAllowed } from '../shared/own-origin.js';

/** A session that is not refreshed for so long ends. */
export const IDLE_SECONDS = 30 * 24 * 60 * 60;

const NAME = 'messenger_refresh';
/** The one address to which browsers send it. */
const PATH = '/token/refresh';

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
  requireOwnPage(request: FastifyRequest): void {
    if (!isOwnOrigin(request)) throw originNotAllowed();
  }

  /** Moves the refresh token out of what is answered. */
  keep<Tokens extends { readonly refresh_token?: string }>(
    request: FastifyRequest,
    reply: FastifyReply,
    { refresh_token: token = '', ...shown }: Tokens,
  ): Omit<Tokens, 'refresh_token'> {
    this.#set(request, reply, token, IDLE_SECONDS);
    return shown;
  }

  /** @throws ORIGIN_NOT_ALLOWED; NOT_AUTHORIZED when the browser has none. */
  read(request: FastifyRequest): string {
    this.requireOwnPage(request);
    const token = parseCookie(request.headers.cookie ?? '')[NAME];
    if (token === undefined || token === '') throw notAuthorized();
    return token;
  }

  remove(request: FastifyRequest, reply: FastifyReply): void {
    this.#set(request, reply, '', 0);
  }

  #set({ protocol }: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
    const secure = this.#isSecure || protocol === 'https';
    const cookie = { name: NAME, value, maxAge, path: this.#path, httpOnly: true, sameSite: 'strict', secure } as const;
    reply.header('set-cookie', stringifySetCookie(cookie));
  }
}
