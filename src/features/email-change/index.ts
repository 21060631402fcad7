import type { Feature } from '../feature.js';
import { emailChangeRoutes } from './email-change.routes.js';
import { ChangeEmail } from './email-change.schemas.js';

export const emailChange: Feature = { name: 'email-change', models: [ChangeEmail], routes: emailChangeRoutes };
