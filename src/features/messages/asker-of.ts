import type { FastifyRequest } from 'fastify';
import type { Asker } from './messages.service.js';

export function askerOf({ userId, identity, apiKey }: Pick<FastifyRequest, 'userId' | 'identity' | 'apiKey'>): Asker {
  return { userId, within: identity?.narrowing?.chats, isByKey: apiKey !== undefined };
}
