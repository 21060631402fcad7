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
    /** The same, with the time at which the token expires. */
    tokenIdentity(request: FastifyRequest): Identity | undefined;
    /** Whose access token it is; undefined: it is not valid. */
    identify(token: string): Identity | undefined;
    /** A new access token for the user. */
    createAccessToken(userId: number): string;
  }
}

interface Identity {
  readonly userId: number;
  /** In ms since 1970. */
  readonly expiresAt: number;
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
    const verified = new LRUCache<string, Identity>({ max: MAX_VERIFIED });

    const identify = (token: string): Identity | undefined => {
      const known = verified.get(token);
      if (known !== undefined) return known;
      try {
        const { sub, exp } = app.jwt.verify<Claims>(token);
        if (typeof sub !== 'string' || !USER_ID.test(sub) || !Number.isSafeInteger(Number(sub))) return undefined;
        const identity = { userId: Number(sub), expiresAt: exp * 1000 };
        verified.set(token, identity, { ttl: Math.max(1, Math.floor(identity.expiresAt - Date.now())) });
        return identity;
      } catch {
        return undefined;
      }
    };

    app.decorateRequest('userId', 0);

    app.decorate('createAccessToken', (userId: number) => app.jwt.sign({ sub: String(userId) }));

    app.decorate('identify', identify);

    app.decorate('tokenIdentity', (request: FastifyRequest) => {
      const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
      return token === undefined ? undefined : identify(token);
    });

    app.decorate('tokenUserId', (request: FastifyRequest) => app.tokenIdentity(request)?.userId);

    app.decorate('authenticate', (request: FastifyRequest) => {
      const userId = app.tokenUserId(request);
      if (userId === undefined) throw notAuthorized();
      request.userId = userId;
    });
  },
  { name: 'authentication', dependencies: ['errors'] },
);
