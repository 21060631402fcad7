import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Credential } from '../../shared/credential.js';
import { notAuthorized } from '../../shared/errors.js';
import { sha256 } from '../../shared/sha256.js';
import type { Services } from '../feature.js';
import { findUserId, unescapePath, userNotFound, userSuspended } from '../users/index.js';
import { actAsRequired, addressNotAllowed, scopeRequired, secretInBrowser } from './api-keys.errors.js';
import { hasEnded, useKey, type StoredKey } from './api-keys.queries.js';
import type { Scope } from './scopes.js';
import { looksLikeKey } from './secret.js';

/** A key is looked up once in this time, so that a revoked one has ended after it. */
const KNOWN_MS = 1000;
const MAX_KNOWN = 1000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What an API key must be allowed, for this route. */
    readonly scope?: Scope;
  }
}

/** Takes API keys in place of access tokens; with the header `Act-As` the request is that user's. */
export function keyAuthentication({ db, revocations }: Services): Credential {
  const known = new LRUCache<string, StoredKey>({ max: MAX_KNOWN, ttl: KNOWN_MS });

  const find = async (token: string, network: string): Promise<StoredKey | undefined> => {
    const hash = sha256(token);
    const name = Buffer.from(hash).toString('base64');
    const kept = known.get(name);
    const found = kept && !hasEnded(kept) ? kept : await db.inTurn(network, () => useKey(db, hash));
    if (found) known.set(name, found, { noUpdateTTL: true });
    return found;
  };

  return {
    matches: looksLikeKey,
    async identify(token, request) {
      // Not in a frame: a socket is a user's.
      if (!request) return undefined;
      if (request.headers.origin !== undefined) throw secretInBrowser();
      const key = await find(token, request.network);
      if (!key) return 'TOKEN_INVALID';
      if (!isAllowed(key, request.ip)) throw addressNotAllowed();
      request.apiKey = { id: key.id, scopes: new Set(key.scopes) };
      const actAs = request.headers['act-as'];
      if (typeof actAs !== 'string') return undefined;
      requireScope(request, 'act_as');
      const userId = await db.inTurn(`key ${key.id}`, () => findUserId(db, unescapePath(actAs)));
      if (userId === undefined) throw userNotFound();
      if (revocations.isSuspended(userId)) throw userSuspended();
      request.userId = userId;
      return undefined;
    },
  };
}

/** @throws SCOPE_REQUIRED when the key of the request may not do that. NOT_AUTHORIZED when it has none. */
export function requireScope({ apiKey, refusal }: Pick<FastifyRequest, 'apiKey' | 'refusal'>, scope: Scope): void {
  if (!apiKey) throw notAuthorized({ reason: refusal });
  if (!apiKey.scopes.has(scope) && !apiKey.scopes.has('admin'))
    throw scopeRequired({ errors: { scope: `This needs the scope ${scope}.` } });
}

/** For routes that need an API key: checks the scope that their `config` names. */
export const requireKey: onRequestHookHandler = (request, _reply, next) => {
  const { scope } = request.routeOptions.config;
  try {
    requireScope(request, scope ?? 'admin');
    next();
  } catch (error) {
    next(error as Error);
  }
};

/** For routes that need a user: an API key alone is nobody. */
export const requireUser: onRequestHookHandler = ({ userId, apiKey, refusal, tooNarrow }, _reply, next) => {
  if (userId !== 0) next();
  else next(tooNarrow ?? (apiKey ? actAsRequired() : notAuthorized({ reason: refusal })));
};

function isAllowed({ allowed_cidrs }: StoredKey, address: string): boolean {
  if (allowed_cidrs.length === 0) return true;
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return allowed_cidrs.some((cidr) => {
    const [network, bits] = ipaddr.parseCIDR(cidr);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}
