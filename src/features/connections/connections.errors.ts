import { defineError } from '../../shared/errors.js';

export const upgradeRequired = defineError(426, 'UPGRADE_REQUIRED', 'This address is for WebSockets.');
