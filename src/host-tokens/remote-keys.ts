import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JSONWebKeySet, type RemoteJWKSet } from 'jose';
import { serviceUnavailable } from '../shared/errors.js';
import type { Logger } from '../shared/logger.js';

const MINUTE_MS = 60_000;
const CACHE_MS = 10 * MINUTE_MS;
/** A key that is not in the set is looked for in a new one, but not more often than this. */
const COOLDOWN_MS = MINUTE_MS;
const TIMEOUT_MS = 5000;
/** How long the last set is good while there is no new one. */
const OUTAGE_MS = 24 * 60 * MINUTE_MS;
/** While there is no set at all, it is not asked for more often than this. */
const RETRY_MS = 5000;
/** A set has some 500 bytes for each key. */
const MAX_BYTES = 256 * 1024;

/**
 * The keys that an issuer publishes, as `jose` caches them. What that does not do is done where it fetches: during an outage
 * the last set stands in for the new one, so that it is also kept, and asked for, as one that has just come.
 */
export function remoteKeys(url: string, log: Logger): RemoteJWKSet {
  let last: { readonly json: string; readonly fetchedAt: number } | undefined;
  let failedAt = -Infinity;

  const unavailable = (cause?: unknown) => serviceUnavailable({ retryAfterSeconds: RETRY_MS / 1000, cause });

  return createRemoteJWKSet(new URL(url), {
    cacheMaxAge: CACHE_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: async (address, options) => {
      if (Date.now() < failedAt + RETRY_MS) throw unavailable();
      try {
        last = { json: await download(address, options), fetchedAt: Date.now() };
      } catch (error) {
        log.warn({ err: error, url }, 'could not fetch the keys of an issuer');
        if (last === undefined || Date.now() > last.fetchedAt + OUTAGE_MS) {
          failedAt = Date.now();
          throw unavailable(error);
        }
      }
      return new Response(last.json);
    },
  });
}

/** @returns a JWK set, as JSON. */
async function download(url: string, options: RequestInit): Promise<string> {
  const response = await fetch(url, options);
  // Redirects are not followed either.
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The answer has the status ${response.status}.`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`The answer has more than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  const json = Buffer.concat(chunks).toString();
  // Throws for what is no JWK set.
  createLocalJWKSet(JSON.parse(json) as JSONWebKeySet);
  return json;
}
