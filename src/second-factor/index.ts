export { CodeGuard } from './code-guard.js';
export { toShow } from './one-time-code.js';
export { secondFactorRequired, wrongCode } from './second-factor.errors.js';
export { readState } from './second-factor.queries.js';
export { SecondFactorCode } from './second-factor.schemas.js';
export { SecondFactors, type Proof } from './second-factors.js';
