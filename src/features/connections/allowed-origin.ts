import type { FastifyRequest } from 'fastify';
import { isOwnOrigin } from '../../shared/own-origin.js';

/**
 * Whether the page that opens a socket may do so. Browsers ask nobody before they open one, and name the page's origin.
 * Other clients name none, or that of the server.
 * @param origins the allowed origins, beside the server's own; true: all.
 */
export function isAllowedOrigin(request: FastifyRequest, origins: boolean | readonly (string | RegExp)[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined || origins === true) return true;
  const listed = origins === false ? [] : origins;
  if (listed.some((item) => (typeof item === 'string' ? item === origin : item.test(origin)))) return true;
  return isOwnOrigin(request);
}
