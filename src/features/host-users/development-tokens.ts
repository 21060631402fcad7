import type { FastifyRequest } from 'fastify';
import type { Credential } from '../../shared/credential.js';
import type { Services } from '../feature.js';
import { isExternalId, unescapePath } from '../users/index.js';
import { findOrCreate } from './host-users.service.js';

const PREFIX = 'dev:';
const DAY_MS = 24 * 60 * 60 * 1000;

/** What proxies add: with one of them the client is not on this machine. */
const FORWARDING =
  /^(forwarded|via|x-forwarded-.+|x-real-ip|x-client-ip|x-original-.+|cf-connecting-ip|true-client-ip)$/;
const LOCAL_HOST = /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** With DEVELOPMENT=on, `dev:<external id>` is a token of that user, whom it makes at first sight. */
export function developmentCredential({ db }: Services): Credential {
  return {
    matches: (token) => token.startsWith(PREFIX),
    async identify(token, request) {
      const externalId = unescapePath(token.slice(PREFIX.length));
      if (!request || !isLocal(request) || !isExternalId(externalId)) return 'TOKEN_INVALID';
      const found = await findOrCreate({ db }, externalId, { firstSight: 'create' });
      const now = Date.now();
      return found && { userId: found.userId, expiresAt: now + DAY_MS, issuedAt: now };
    },
  };
}

/** A proxy, or a name of the web that leads here, would let everybody be anyone. */
function isLocal({ headers }: FastifyRequest): boolean {
  return LOCAL_HOST.test(headers.host ?? '') && !Object.keys(headers).some((name) => FORWARDING.test(name));
}
