import type { FastifyRequest } from 'fastify';
import { validationError } from '../../shared/errors.js';
import type { RefreshCookie } from '../../tokens/index.js';
import type { RefreshToken } from './sessions.schemas.js';

/** The refresh token of a request. @throws VALIDATION_ERROR for none or two; what the cookie throws. */
export function givenToken(request: FastifyRequest<{ Body: RefreshToken }>, cookie: RefreshCookie): string {
  const { refresh_token: token, cookie: isInCookie = false } = request.body;
  if (isInCookie === (token !== undefined))
    throw validationError({ errors: { refresh_token: 'must be given unless it is in the cookie' } });
  return token ?? cookie.read(request);
}
