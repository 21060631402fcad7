import ipaddr from 'ipaddr.js';
import { audit, type Actor } from '../../audit/index.js';
import type { Database } from '../../database/index.js';
import { validationError } from '../../shared/errors.js';
import { readTime } from '../../shared/read-time.js';
import { insertKey, type StoredKey } from './api-keys.queries.js';
import type { ApiKey, CreateApiKey } from './api-keys.schemas.js';
import { makeSecret } from './secret.js';

/**
 * @param actor who makes it: another key, or an operator.
 * @returns the key itself, which nobody can read again, and what is kept of it.
 * @throws VALIDATION_ERROR for what is no network or no time to come.
 */
export async function createKey(
  db: Database,
  { name, scopes, allowed_cidrs = [], expires_at }: CreateApiKey,
  actor: Actor,
): Promise<{ key: string; stored: StoredKey }> {
  if (!allowed_cidrs.every((text) => ipaddr.isValidCIDR(text)))
    throw validationError({ errors: { allowed_cidrs: 'must be networks such as 192.0.2.0/24 or 2001:db8::/32' } });
  const { key, prefix, hash } = makeSecret();
  const data = {
    ...{ prefix, secret_hash: hash, name, allowed_cidrs },
    scopes: [...new Set(scopes)],
    expires_at: expires_at === undefined ? null : readExpiry(expires_at),
    created_by: actor.type === 'key' && actor.id !== null ? BigInt(actor.id) : null,
  };
  const stored = await db.inTransaction('keys', async (tx) => {
    const stored = await insertKey(tx, data);
    const details = { key_id: stored.id, prefix, scopes: data.scopes };
    await audit(tx, { actor, action: 'key.created', details });
    return stored;
  });
  return { key, stored };
}

function readExpiry(text: string): Date {
  const time = readTime('expires_at', text);
  if (!(time.getTime() > Date.now())) throw validationError({ errors: { expires_at: 'must be a time to come' } });
  return time;
}

/** The key as the API shows it: its secret is not kept. */
export function shownKey({ scopes, created_at, expires_at, revoked_at, last_used_at, ...rest }: StoredKey): ApiKey {
  return {
    ...rest,
    scopes: [...scopes],
    allowed_cidrs: [...rest.allowed_cidrs],
    created_at: created_at.toISOString(),
    expires_at: expires_at?.toISOString() ?? null,
    revoked_at: revoked_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
  };
}
