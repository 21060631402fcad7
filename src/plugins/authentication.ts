import jwt from '@fastify/jwt';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import { OWN_ISSUER } from '../config/index.js';
import type { ApiKey, Credential, Identity, Refusal } from '../shared/credential.js';
import type { ApiError } from '../shared/errors.js';
import { refusalOfNarrowed, type NarrowedUse, type Narrowing } from '../shared/narrowing.js';
import { NARROWED_TYPE, claimsOf, narrowingOf } from './narrowing-claims.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The user whose token the request carries, or as whom an API key asks; 0 without a valid one. */
    userId: number;
    /** What the token says; undefined without a valid one. */
    identity: Identity | undefined;
    /** Why its token is not accepted; undefined: it is, or there is none. */
    refusal: Refusal | undefined;
    /** Why its token, which is narrowed, is not good for the route: then the request has no identity. */
    tooNarrow: ApiError | undefined;
    /** The key that the request carries; undefined without a valid one. */
    apiKey: ApiKey | undefined;
  }

  interface FastifyContextConfig {
    /** What narrowed tokens may do with the route; without it nothing. */
    readonly narrowed?: NarrowedUse;
  }

  interface FastifyInstance {
    /** What else may stand in place of the server's own access tokens. */
    credentials: Credential[];
    /** Whose token a frame brings; undefined: it is not valid. @param request that opened the connection, for credentials that look at it. */
    identify(token: string, request?: FastifyRequest): Promise<Identity | undefined>;
    /** A new access token for the user. @param options.ttlSeconds unless it is the usual one. */
    createAccessToken(userId: number, options?: AccessTokenOptions): string;
  }
}

interface AccessTokenOptions {
  readonly ttlSeconds?: number;
  readonly sessionId?: number | undefined;
  /** undefined: it is good for all that its user may do. */
  readonly narrowing?: Narrowing | undefined;
}

interface AuthenticationOptions {
  readonly secret: string;
  /** The one before it, whose tokens are still accepted; undefined: there is none. */
  readonly previousSecret: string | undefined;
  readonly ttlSeconds: number;
  /** Why a token that is good by itself does not count any more; undefined: it does. */
  readonly refusalOf: (identity: Identity) => Refusal | undefined;
  /** The time before which no token of the user counts, in ms since 1970. */
  readonly tokensFrom: (userId: number) => number;
}

/** For whom the tokens are. */
const AUDIENCE = 'messenger-backend';
/** The type of access tokens. Source: https://www.rfc-editor.org/rfc/rfc9068#section-2.1 */
const TYPE = 'at+jwt';
/** What the header may call the type: that, the general one of tokens that others make, or nothing. */
const ACCEPTED_TYPE = /^((application\/)?at\+jwt|jwt)$/i;

/** What the library calls a token that was good once. */
const EXPIRED = 'FAST_JWT_EXPIRED';

const BEARER = /^Bearer +([^ ]+)$/i;
const USER_ID = /^[1-9]\d{0,15}$/;

/** How many tokens are remembered to be valid: some 5 MB. */
const MAX_VERIFIED = 10_000;

interface Token {
  readonly header: { readonly typ?: unknown };
  readonly payload: {
    readonly sub: unknown;
    /** In seconds since 1970. */
    readonly exp: number;
    readonly iat?: unknown;
    /** The id of its session. */
    readonly sid?: unknown;
    readonly typ?: unknown;
    readonly chats?: unknown;
    readonly rights?: unknown;
  };
}

/** Tokens: made here, checked here. Whether their user still exists is for the statement that needs the user. */
export const authentication = fp<AuthenticationOptions>(
  async (app, { secret, previousSecret, ttlSeconds, refusalOf, tokensFrom }) => {
    const verify = {
      algorithms: ['HS256' as const],
      requiredClaims: ['sub', 'exp'],
      // Wrong ones are refused. Where there are none, the secret alone says whose token it is.
      allowedIss: OWN_ISSUER,
      allowedAud: AUDIENCE,
      complete: true,
    };
    await app.register(jwt, {
      secret,
      sign: {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: TYPE },
        iss: OWN_ISSUER,
        aud: AUDIENCE,
        expiresIn: `${ttlSeconds}s`,
      },
      verify,
    });
    const verifiers = [(token: string) => app.jwt.verify<Token>(token)];
    if (previousSecret !== undefined) {
      await app.register(jwt, { secret: previousSecret, namespace: 'previous', verify });
      verifiers.push((token) => (app.jwt as unknown as PreviousJwt).previous.verify(token));
    }

    // Checking a signature costs as much as the rest of a request. Only valid tokens are kept, each until it expires, so
    // nobody can fill this with what they make up. By the clock of the tokens, also when that is set.
    const verified = new LRUCache<string, Identity>({ max: MAX_VERIFIED, perf: Date });

    const identifyOwn = (token: string): Identity | Refusal => {
      const known = verified.get(token);
      if (known !== undefined) return known;
      let refusal: Refusal = 'TOKEN_INVALID';
      for (const verifier of verifiers) {
        try {
          const identity = identityOf(verifier(token));
          if (!identity) return 'TOKEN_INVALID';
          verified.set(token, identity, { ttl: Math.max(1, Math.floor(identity.expiresAt - Date.now())) });
          return identity;
        } catch (error) {
          // The next one may know it.
          if ((error as { code?: unknown }).code === EXPIRED) refusal = 'TOKEN_EXPIRED';
        }
      }
      return refusal;
    };

    const accept = (found: Identity | Refusal | undefined): Identity | Refusal | undefined =>
      typeof found === 'object' ? (refusalOf(found) ?? found) : found;

    const credentials: Credential[] = [];
    app.decorate('credentials', credentials);
    const credentialOf = (token: string) => credentials.find((credential) => credential.matches(token));

    app.decorateRequest('userId', 0);
    app.decorateRequest('identity', undefined);
    app.decorateRequest('refusal', undefined);
    app.decorateRequest('tooNarrow', undefined);
    app.decorateRequest('apiKey', undefined);
    const remember = (request: FastifyRequest, found: Identity | Refusal | undefined) => {
      const accepted = accept(found);
      if (typeof accepted !== 'object') {
        request.refusal = accepted;
        return;
      }
      if (accepted.narrowing) request.tooNarrow = refusalOnRoute(request, accepted.narrowing);
      if (request.tooNarrow) return;
      request.identity = accepted;
      request.userId = accepted.userId;
    };
    app.addHook('onRequest', (request, _reply, next) => {
      const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
      if (token === undefined) {
        next();
        return;
      }
      const known = verified.get(token);
      const credential = known ? undefined : credentialOf(token);
      if (!credential) {
        remember(request, known ?? identifyOwn(token));
        next();
        return;
      }
      credential.identify(token, request).then((identity) => {
        remember(request, identity);
        next();
      }, next);
    });

    app.decorate('createAccessToken', (userId: number, options: AccessTokenOptions = {}) => {
      const { ttlSeconds: seconds = ttlSeconds, sessionId: sid, narrowing } = options;
      // A token has no more than seconds: one that is made in the second of a revocation belongs to the next.
      const iat = Math.max(Math.floor(Date.now() / 1000), Math.ceil(tokensFrom(userId) / 1000));
      const payload = { sub: String(userId), iat, ...(sid !== undefined && { sid }), ...claimsOf(narrowing) };
      const header = narrowing && { header: { alg: 'HS256' as const, typ: NARROWED_TYPE } };
      return app.jwt.sign(payload, { ...header, expiresIn: `${seconds}s` });
    });

    app.decorate('identify', async (token: string, request?: FastifyRequest) => {
      const credential = credentialOf(token);
      const accepted = accept(credential ? await credential.identify(token, request) : identifyOwn(token));
      return typeof accepted === 'object' ? accepted : undefined;
    });
  },
  { name: 'authentication', dependencies: ['errors'] },
);

interface PreviousJwt {
  readonly previous: { readonly verify: (token: string) => Token };
}

/** A narrowed token is nobody's on a route that does not say what it is good for there. */
function refusalOnRoute({ routeOptions, params }: FastifyRequest, narrowing: Narrowing): ApiError | undefined {
  const { chat_id: chatId } = (params ?? {}) as { chat_id?: unknown };
  return refusalOfNarrowed(narrowing, routeOptions.config.narrowed, chatId);
}

/** undefined: it is no access token of a user. */
function identityOf({ header, payload }: Token): Identity | undefined {
  const { sub, exp, iat, sid, typ } = payload;
  const isNarrowed = header.typ === NARROWED_TYPE;
  const isAccepted = isNarrowed || (typeof header.typ === 'string' && ACCEPTED_TYPE.test(header.typ));
  if (header.typ !== undefined && !isAccepted) return undefined;
  if (typ !== undefined && typ !== TYPE) return undefined;
  if (typeof sub !== 'string' || !USER_ID.test(sub) || !Number.isSafeInteger(Number(sub))) return undefined;
  const narrowing = narrowingOf(payload);
  // What can't be read of it might have said more.
  if (narrowing === null || (isNarrowed && !narrowing)) return undefined;
  const issuedAt = typeof iat === 'number' ? iat * 1000 : 0;
  return {
    ...{ userId: Number(sub), expiresAt: exp * 1000, issuedAt },
    ...(typeof sid === 'number' && { sessionId: sid }),
    ...(narrowing && { narrowing }),
  };
}
