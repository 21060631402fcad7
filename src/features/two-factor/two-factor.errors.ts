import { defineError } from '../../shared/errors.js';

export const twoFactorOn = defineError(409, 'TWO_FACTOR_ON', 'Two-factor authentication is on already.');
export const twoFactorOff = defineError(409, 'TWO_FACTOR_OFF', 'Two-factor authentication is not on.');
export const twoFactorNotBegun = defineError(409, 'TWO_FACTOR_NOT_BEGUN', 'Begin first: POST /user/two-factor.');
