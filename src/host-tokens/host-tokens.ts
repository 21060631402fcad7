import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { JwtIssuer } from '../config/index.js';
import { trimBlank } from '../shared/blank.js';
import { ApiError } from '../shared/errors.js';
import { isLocale } from '../shared/locale.js';
import type { Logger } from '../shared/logger.js';
import { isText as isStorable } from '../shared/schema.js';
import { isTeams } from '../shared/teams.js';
import { HostTokenError } from './host-token-error.js';
import { remoteKeys } from './remote-keys.js';

const MAX_TOKEN_LENGTH = 8192;
/** How far the clocks of an issuer and of this server may be apart. */
const SKEW_SECONDS = 60;
const MAX_LIFETIME_SECONDS = 86_400;
const MAX_EXTERNAL_ID_LENGTH = 255;
const MAX_NAME_LENGTH = 128;
const MAX_AVATAR_URL_LENGTH = 1024;

/** What a valid token of a host application says. */
export interface HostClaims {
  readonly issuer: string;
  /** Who it is, among the users of that issuer. */
  readonly externalId: string;
  /** undefined: the token has none that can be shown. */
  readonly name: string | undefined;
  /** undefined: the token has none, or none of the web. */
  readonly avatarUrl: string | undefined;
  /** undefined: the token has none, or no language tag. */
  readonly locale: string | undefined;
  /** undefined: the token has no list of teams, or one in which nobody can be. */
  readonly teams: readonly string[] | undefined;
  /** In ms since 1970. Of a token that does not say, the earliest time at which it may have been issued. */
  readonly issuedAt: number;
  /** In ms since 1970. It may be up to a minute ago, for the clock of the issuer may be behind. */
  readonly expiresAt: number;
  /** Whether somebody of whom this server has not heard becomes a user. */
  readonly firstSight: JwtIssuer['firstSight'];
}

interface KnownIssuer {
  readonly settings: JwtIssuer;
  readonly key: JWTVerifyGetKey;
}

/** Checks the tokens of host applications. */
export class HostTokens {
  readonly #issuers: ReadonlyMap<unknown, KnownIssuer>;

  constructor(issuers: readonly JwtIssuer[], log: Logger) {
    this.#issuers = new Map(issuers.map((settings) => [settings.issuer, { settings, key: keyOf(settings.keys, log) }]));
  }

  /** Whether the token says that one of the issuers has issued it. Nothing of it is checked, and nothing is fetched. */
  isHostToken(token: string): boolean {
    return this.#issuers.has(claimedIssuer(token));
  }

  /**
   * @throws HostTokenError when the token is not valid.
   * @throws ApiError serviceUnavailable when the keys of its issuer can't be fetched.
   */
  async verify(token: string): Promise<HostClaims> {
    const claimed = claimedIssuer(token);
    const known = this.#issuers.get(claimed);
    if (known === undefined) throw new HostTokenError('TOKEN_INVALID', claimed === undefined ? undefined : 'iss');
    const { settings, key } = known;
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, key, {
        issuer: settings.issuer,
        audience: [...settings.audience],
        algorithms: [...settings.algorithms],
        requiredClaims: ['exp'],
        clockTolerance: SKEW_SECONDS,
      }));
    } catch (error) {
      throw error instanceof ApiError ? error : refusal(error);
    }
    return hostClaims(payload, settings);
  }
}

function keyOf(keys: JwtIssuer['keys'], log: Logger): JWTVerifyGetKey {
  if (keys.kind === 'url') return remoteKeys(keys.url, log);
  if (keys.kind === 'set') return createLocalJWKSet(keys.set);
  const secret = Buffer.from(keys.secret);
  return () => secret;
}

/** Who a token says has issued it; undefined: it is too long, or no token. */
function claimedIssuer(token: string): unknown {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  try {
    return decodeJwt(token).iss ?? null;
  } catch {
    return undefined;
  }
}

function refusal(cause: unknown): HostTokenError {
  if (cause instanceof errors.JWTExpired) return new HostTokenError('TOKEN_EXPIRED', cause.claim, { cause });
  return new HostTokenError('TOKEN_INVALID', claimAtFault(cause), { cause });
}

function claimAtFault(error: unknown): string | undefined {
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'alg';
  // Several keys match only a token that does not say which one it is.
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'kid';
  return undefined;
}

function hostClaims(payload: JWTPayload, { issuer, claims, firstSight }: JwtIssuer): HostClaims {
  const now = Math.floor(Date.now() / 1000);
  const { iat, exp = 0 } = payload;
  if (iat !== undefined && iat > now + SKEW_SECONDS) throw new HostTokenError('TOKEN_INVALID', 'iat');
  if (exp - (iat ?? now) > MAX_LIFETIME_SECONDS) throw new HostTokenError('TOKEN_INVALID', 'exp');
  const externalId = externalIdOf(payload[claims.externalId]);
  if (externalId === undefined) throw new HostTokenError('TOKEN_INVALID', claims.externalId);
  return {
    issuer,
    externalId,
    name: nameOf(payload[claims.name]),
    avatarUrl: avatarUrlOf(payload[claims.avatarUrl]),
    locale: localeOf(payload[claims.locale]),
    teams: claims.teams === undefined ? undefined : teamsOf(payload[claims.teams]),
    issuedAt: (iat ?? exp - MAX_LIFETIME_SECONDS) * 1000,
    expiresAt: exp * 1000,
    firstSight,
  };
}

function externalIdOf(value: unknown): string | undefined {
  // Larger numbers are rounded: two users could become one.
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return isText(text) && text !== '' && lengthOf(text) <= MAX_EXTERNAL_ID_LENGTH ? text : undefined;
}

function nameOf(value: unknown): string | undefined {
  if (!isText(value)) return undefined;
  const name = trimBlank(value);
  return name !== '' && lengthOf(name) <= MAX_NAME_LENGTH ? name : undefined;
}

function avatarUrlOf(value: unknown): string | undefined {
  if (!isText(value) || !URL.canParse(value)) return undefined;
  const { protocol, href } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && href.length <= MAX_AVATAR_URL_LENGTH ? href : undefined;
}

function localeOf(value: unknown): string | undefined {
  return typeof value === 'string' && isLocale(value) ? value : undefined;
}

function teamsOf(value: unknown): readonly string[] | undefined {
  return isTeams(value) ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isStorable(value);
}

/** In characters (code points), as the database counts. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
