import jwt from '@fastify/jwt';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { notAuthorized } from '../shared/errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The user whose token the request carries; 0 where none is asked for. */
    userId: number;
  }

  interface FastifyInstance {
    /** @throws NOT_AUTHORIZED unless the request carries a valid access token; then its `userId` is set. */
    authenticate(request: FastifyRequest): Promise<void>;
    /** The user of the request's token; undefined without a valid one. */
    tokenUserId(request: FastifyRequest): Promise<number | undefined>;
    /** A new access token for the user. */
    createAccessToken(userId: number): string;
  }
}

interface AuthenticationOptions {
  readonly secret: string;
  readonly ttlSeconds: number;
}

const BEARER = /^Bearer +[^ ]+$/i;
const USER_ID = /^[1-9]\d{0,15}$/;

/** Tokens: made here, checked here. Whether their user still exists is for the statement that needs the user. */
export const authentication = fp<AuthenticationOptions>(
  async (app, { secret, ttlSeconds }) => {
    await app.register(jwt, {
      secret,
      sign: { algorithm: 'HS256', expiresIn: `${ttlSeconds}s` },
      verify: { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] },
    });

    app.decorateRequest('userId', 0);

    app.decorate('createAccessToken', (userId: number) => app.jwt.sign({ sub: String(userId) }));

    app.decorate('tokenUserId', async (request: FastifyRequest) => {
      if (!BEARER.test(request.headers.authorization ?? '')) return undefined;
      try {
        const { sub } = await request.jwtVerify<{ sub: unknown }>();
        return typeof sub === 'string' && USER_ID.test(sub) && Number.isSafeInteger(Number(sub))
          ? Number(sub)
          : undefined;
      } catch {
        return undefined;
      }
    });

    app.decorate('authenticate', async (request: FastifyRequest) => {
      const userId = await app.tokenUserId(request);
      if (userId === undefined) throw notAuthorized();
      request.userId = userId;
    });
  },
  { name: 'authentication', dependencies: ['errors'] },
);
