import jwt from '@fastify/jwt';
import Fastify from 'fastify';
import type { Caller } from './cast.js';
import { usernameOf } from './world.js';

/** Users of a filled database with tokens that a server with this secret takes; logging thousands in would take minutes. */
export async function signIn(userIds: readonly number[], secret: string): Promise<Caller[]> {
  const app = Fastify();
  await app.register(jwt, { secret, sign: { algorithm: 'HS256', expiresIn: '1d' } });
  return userIds.map((id) => ({ id, username: usernameOf(id), token: app.jwt.sign({ sub: String(id) }) }));
}
