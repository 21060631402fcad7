import type { FastifyRequest } from 'fastify';
import type { Asker } from './messages.service.js';

export function askerOf({ userId, identity }: Pick<FastifyRequest, 'userId' | 'identity'>): Asker {
  return { userId, within: identity?.narrowing?.chats };
}
