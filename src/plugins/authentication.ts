import jwt from '@fastify/jwt';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import { notAuthorized } from '../shared/errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The user whose token the request carries; 0 where none is asked for. */
    userId: number;
  }

  interface FastifyInstance {
    /** @throws NOT_AUTHORIZED unless the request carries a valid access token; then its `userId` is set. */
    authenticate(request: FastifyRequest): void;
    /** The user of the request's token; undefined without a valid one. */
    tokenUserId(request: FastifyRequest): number | undefined;
    /** A new access token for the user. */
    createAccessToken(userId: number): string;
  }
}

interface AuthenticationOptions {
  readonly secret: string;
  readonly ttlSeconds: number;
}

const BEARER = /^Bearer +([^ ]+)$/i;
const USER_ID = /^[1-9]\d{0,15}$/;

/** How many tokens are remembered to be valid: some 5 MB. */
const MAX_VERIFIED = 10_000;

interface Claims {
  readonly sub: unknown;
  /** In seconds since 1970. */
  readonly exp: number;
}

/** Tokens: made here, checked here. Whether their user still exists is for the statement that needs the user. */
export const authentication = fp<AuthenticationOptions>(
  async (app, { secret, ttlSeconds }) => {
    await app.register(jwt, {
      secret,
      sign: { algorithm: 'HS256', expiresIn: `${ttlSeconds}s` },
      verify: { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] },
    });

    // Checking a signature costs as much as the rest of a request. Only valid tokens are kept, each until it expires, so
    // nobody can fill this with what they make up.
    const verified = new LRUCache<string, number>({ max: MAX_VERIFIED });

    const userIdOf = (token: string): number | undefined => {
      const known = verified.get(token);
      if (known !== undefined) return known;
      try {
        const { sub, exp } = app.jwt.verify<Claims>(token);
        if (typeof sub !== 'string' || !USER_ID.test(sub) || !Number.isSafeInteger(Number(sub))) return undefined;
        verified.set(token, Number(sub), { ttl: Math.max(1, Math.floor(exp * 1000 - Date.now())) });
        return Number(sub);
      } catch {
        return undefined;
      }
    };

    app.decorateRequest('userId', 0);

    app.decorate('createAccessToken', (userId: number) => app.jwt.sign({ sub: String(userId) }));

    app.decorate('tokenUserId', (request: FastifyRequest) => {
      const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
      return token === undefined ? undefined : userIdOf(token);
    });

    app.decorate('authenticate', (request: FastifyRequest) => {
      const userId = app.tokenUserId(request);
      if (userId === undefined) throw notAuthorized();
      request.userId = userId;
    });
  },
  { name: 'authentication', dependencies: ['errors'] },
);
