import type { FastifyRequest } from 'fastify';

/**
 * Whether the page that opens a socket may do so. Browsers ask nobody before they open one, and name the page's origin.
 * Other clients name none, or that of the server.
 * @param origins those that may, beside the server's own; true: all.
 */
export function isAllowedOrigin(request: FastifyRequest, origins: boolean | readonly string[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined || origins === true) return true;
  if (Array.isArray(origins) && origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === request.host;
}
