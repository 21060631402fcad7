import type { Feature } from '../feature.js';
import { passwordResetRoutes } from './password-reset.routes.js';
import { ForgottenPassword, ResetPassword } from './password-reset.schemas.js';

export const passwordReset: Feature = {
  name: 'password-reset',
  models: [ForgottenPassword, ResetPassword],
  openRoutes: passwordResetRoutes,
};
