import { defineError } from '../../shared/errors.js';

export const upgradeRequired = defineError(426, 'UPGRADE_REQUIRED', 'This address is for WebSockets.');
export const originNotAllowed = defineError(403, 'ORIGIN_NOT_ALLOWED', 'Pages of this origin may not connect.');
