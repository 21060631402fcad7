import type { Feature } from '../feature.js';
import { adminTwoFactorRoutes, twoFactorRoutes } from './two-factor.routes.js';
import { twoFactorModels } from './two-factor.schemas.js';

export { removeAsOperator } from './two-factor.service.js';

export const twoFactor: Feature = {
  name: 'two-factor',
  models: twoFactorModels,
  routes: twoFactorRoutes,
  adminRoutes: adminTwoFactorRoutes,
};
