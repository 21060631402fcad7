import type { FastifyRequest } from 'fastify';
import { defineError } from './errors.js';

export const originNotAllowed = defineError(403, 'ORIGIN_NOT_ALLOWED', 'Pages of this origin may not do this.');

/** Whether the page that asks comes from this server. Clients that are no browsers name no origin: then it does, too. */
export function isOwnOrigin({ headers: { origin }, host }: FastifyRequest): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
