/** Why the server ends a connection; docs/realtime.md says for each whether to come back, and when. */
export const CLOSE = {
  goingAway: { code: 1001, reason: 'the server is closing' },
  malformed: { code: 4400, reason: 'a frame must be a JSON object with a type, as text' },
  notAuthorized: { code: 4401, reason: 'a valid access token is required' },
  notAuthenticated: { code: 4408, reason: 'nobody authenticated in time' },
  tokenExpired: { code: 4410, reason: 'the access token has expired' },
  revoked: { code: 4411, reason: 'the access token was revoked' },
  suspended: { code: 4411, reason: 'the user is suspended' },
  tooSlow: { code: 4413, reason: 'too much is waiting to be read' },
  silent: { code: 4421, reason: 'nothing was heard for too long' },
  tooMany: { code: 4429, reason: 'too many frames, or connections' },
  restored: { code: 4503, reason: 'the database has been restored' },
  unavailable: { code: 4503, reason: 'the service is not available at the moment' },
} as const;

export type Close = (typeof CLOSE)[keyof typeof CLOSE];
