import { LRUCache } from 'lru-cache';
import { HostTokenError, type HostClaims } from '../../host-tokens/index.js';
import type { Credential, Identity, Refusal } from '../../shared/credential.js';
import { FairQueue } from '../../shared/fair-queue.js';
import { sortTeams } from '../../shared/teams.js';
import type { Services } from '../feature.js';
import { changeProfile, profileProjection } from '../users/index.js';
import { findOrCreate } from './host-users.service.js';

/** How many tokens are remembered to be valid: some 20 MB. */
const MAX_VERIFIED = 10_000;
/** What a token says of its user is taken over at most once in this time. */
const REFRESH_MS = 60 * 60 * 1000;
const MAX_REFRESHED = 100_000;

/** Networks take turns: checking a signature costs the processor up to half a millisecond, and anyone may ask for it. */
const queue = new FairQueue({ name: 'host tokens', concurrency: 4, perOwner: 2, waitingPerOwner: 200, waiting: 5000 });

/** Takes the tokens of the issuers of the configuration. Their users become users here. */
export function hostTokenCredential(services: Services): Credential {
  const { hostTokens, log } = services;
  // By the clock of the tokens, also when that is set.
  const verified = new LRUCache<string, Identity>({ max: MAX_VERIFIED, perf: Date });
  const refreshed = new LRUCache<number, true>({ max: MAX_REFRESHED, ttl: REFRESH_MS, perf: Date });

  const check = async (token: string): Promise<Identity | Refusal> => {
    let claims: HostClaims;
    try {
      claims = await hostTokens.verify(token);
    } catch (error) {
      if (error instanceof HostTokenError) return error.reason;
      throw error;
    }
    const found = await findOrCreate(services, claims.externalId, claims);
    if (found === undefined) return 'TOKEN_INVALID';
    if (!found.isNew && !refreshed.has(found.userId)) {
      // The request goes on: a name is not worth failing it.
      refresh(services, found.userId, claims).catch((error: unknown) => {
        log.warn({ err: error, user_id: found.userId }, 'could not take over the profile of a token');
      });
    }
    refreshed.set(found.userId, true, { noUpdateTTL: true });
    const identity = { userId: found.userId, expiresAt: claims.expiresAt, issuedAt: claims.issuedAt };
    // The clock of the issuer may be behind: such a token is checked again each time.
    if (claims.expiresAt > Date.now()) verified.set(token, identity, { ttl: claims.expiresAt - Date.now() });
    return identity;
  };

  return {
    matches: (token) => hostTokens.isHostToken(token),
    identify(token, request) {
      const known = verified.get(token);
      return known ? Promise.resolve(known) : queue.run(request?.network ?? '', () => check(token));
    },
  };
}

async function refresh(
  services: Services,
  userId: number,
  { name, avatarUrl, locale, teams }: HostClaims,
): Promise<void> {
  await changeProfile(
    services,
    userId,
    {
      apply: (before) => ({
        ...before,
        ...(name !== undefined && { name }),
        ...(avatarUrl !== undefined && { avatar_url: avatarUrl }),
        ...(locale !== undefined && { locale }),
        ...(teams !== undefined && { teams: sortTeams(teams) }),
      }),
    },
    profileProjection,
  );
}
