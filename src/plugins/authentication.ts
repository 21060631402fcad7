import jwt from '@fastify/jwt';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import { OWN_ISSUER } from '../config/index.js';
import type { ApiKey, Credential, Identity } from '../shared/credential.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The user whose token the request carries, or as whom an API key asks; 0 without a valid one. */
    userId: number;
    /** What the token says; undefined without a valid one. */
    identity: Identity | undefined;
    /** The key that the request carries; undefined without a valid one. */
    apiKey: ApiKey | undefined;
  }

  interface FastifyInstance {
    /** What else may stand in place of the server's own access tokens. */
    credentials: Credential[];
    /** Whose token a frame brings; undefined: it is not valid. @param request that opened the connection, for credentials that look at it. */
    identify(token: string, request?: FastifyRequest): Promise<Identity | undefined>;
    /** A new access token for the user. @param ttlSeconds unless it is the usual one. */
    createAccessToken(userId: number, ttlSeconds?: number): string;
  }
}

interface AuthenticationOptions {
  readonly secret: string;
  /** The one before it, whose tokens are still accepted; undefined: there is none. */
  readonly previousSecret: string | undefined;
  readonly ttlSeconds: number;
}

/** For whom the tokens are. */
const AUDIENCE = 'messenger-backend';
/** The type of access tokens. Source: https://www.rfc-editor.org/rfc/rfc9068#section-2.1 */
const TYPE = 'at+jwt';
/** What the header may call the type: that, the general one of tokens that others make, or nothing. */
const ACCEPTED_TYPE = /^((application\/)?at\+jwt|jwt)$/i;

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
    readonly typ?: unknown;
  };
}

/** Tokens: made here, checked here. Whether their user still exists is for the statement that needs the user. */
export const authentication = fp<AuthenticationOptions>(
  async (app, { secret, previousSecret, ttlSeconds }) => {
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
    // nobody can fill this with what they make up.
    const verified = new LRUCache<string, Identity>({ max: MAX_VERIFIED });

    const identifyOwn = (token: string): Identity | undefined => {
      const known = verified.get(token);
      if (known !== undefined) return known;
      for (const verifier of verifiers) {
        try {
          const identity = identityOf(verifier(token));
          if (identity)
            verified.set(token, identity, { ttl: Math.max(1, Math.floor(identity.expiresAt - Date.now())) });
          return identity;
        } catch {
          // The next one may know it.
        }
      }
      return undefined;
    };

    const credentials: Credential[] = [];
    app.decorate('credentials', credentials);
    const credentialOf = (token: string) => credentials.find((credential) => credential.matches(token));

    app.decorateRequest('userId', 0);
    app.decorateRequest('identity', undefined);
    app.decorateRequest('apiKey', undefined);
    const remember = (request: FastifyRequest, identity: Identity | undefined) => {
      request.identity = identity;
      if (identity) request.userId = identity.userId;
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

    app.decorate('createAccessToken', (userId: number, seconds = ttlSeconds) =>
      app.jwt.sign({ sub: String(userId) }, { expiresIn: `${seconds}s` }),
    );

    app.decorate('identify', async (token: string, request?: FastifyRequest) => {
      const credential = credentialOf(token);
      return credential ? credential.identify(token, request) : identifyOwn(token);
    });
  },
  { name: 'authentication', dependencies: ['errors'] },
);

interface PreviousJwt {
  readonly previous: { readonly verify: (token: string) => Token };
}

/** undefined: it is no access token of a user. */
function identityOf({ header, payload: { sub, exp, typ } }: Token): Identity | undefined {
  if (header.typ !== undefined && !(typeof header.typ === 'string' && ACCEPTED_TYPE.test(header.typ))) return undefined;
  if (typ !== undefined && typ !== TYPE) return undefined;
  if (typeof sub !== 'string' || !USER_ID.test(sub) || !Number.isSafeInteger(Number(sub))) return undefined;
  return { userId: Number(sub), expiresAt: exp * 1000 };
}
