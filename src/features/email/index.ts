import type { Feature } from '../feature.js';
import { emailRoutes, openEmailRoutes } from './email.routes.js';
import { ConfirmEmail } from './email.schemas.js';

export { hashOf } from './code.js';
export { invalidCode } from './email.errors.js';
export { dropCodes, findCode, takeCode } from './email.queries.js';
export { codeOrLink, mailCode, type CodeInLetter } from './mail-code.js';
export { MailedCode } from './email.schemas.js';
export { queueConfirmation } from './email.service.js';

export const email: Feature = {
  name: 'email',
  models: [ConfirmEmail],
  openRoutes: openEmailRoutes,
  routes: emailRoutes,
};
