import { Type, type Static } from '@sinclair/typebox';
import { Time } from '../../shared/schema.js';
import type { RefreshTokens } from '../../tokens/index.js';
import type { StoredSession } from './sessions.queries.js';

/** How long an access token of a session is good. */
export const ACCESS_SECONDS = 15 * 60;

export const AccessToken = Type.Object(
  {
    access_token: Type.String({ description: 'A JWT (HS256); `sub` is the id of the user, `exp` when it expires.' }),
    token_type: Type.String({ description: 'Always `bearer`.' }),
    refresh_token: Type.Optional(
      Type.String({
        description: 'Only with a session: for `POST /token/refresh`, once. Keep it where scripts do not reach it.',
      }),
    ),
    expires_at: Type.Optional(Time('Only with a session: when the access token expires.')),
  },
  {
    $id: 'AccessToken',
    description: 'What every other request carries in its `Authorization` header.',
    examples: [
      {
        access_token:
          'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1IiwiaWF0IjoxNzk1NDI0NDAwLCJleHAiOjE3OTgwMTY0MDB9.c2lnbmF0dXJl',
        token_type: 'bearer',
      },
    ],
  },
);
export type AccessToken = Static<typeof AccessToken>;

type CreateAccessToken = (userId: number, options: { ttlSeconds: number; sessionId: number }) => string;

/** The tokens of a session that has just begun, or was refreshed. */
export function sessionTokens(
  createAccessToken: CreateAccessToken,
  { userId, sessionId, refreshToken }: { userId: number; sessionId: number; refreshToken: string },
): AccessToken {
  const expiresAt = (Math.floor(Date.now() / 1000) + ACCESS_SECONDS) * 1000;
  return {
    access_token: createAccessToken(userId, { ttlSeconds: ACCESS_SECONDS, sessionId }),
    token_type: 'bearer',
    refresh_token: refreshToken,
    expires_at: new Date(expiresAt).toISOString(),
  };
}

/** What the client of a new session gets. */
export function firstTokens(
  createAccessToken: CreateAccessToken,
  refreshTokens: RefreshTokens,
  { id: sessionId, user_id: userId, counter, salt }: StoredSession,
): AccessToken {
  const refreshToken = refreshTokens.make(sessionId, counter, salt);
  return sessionTokens(createAccessToken, { userId, sessionId, refreshToken });
}
