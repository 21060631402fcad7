import { defineError } from '../../shared/errors.js';

export const forwardingForbidden = defineError(
  403,
  'FORWARDING_FORBIDDEN',
  'Messages of this group are not to be forwarded.',
);
