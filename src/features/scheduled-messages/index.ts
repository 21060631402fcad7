import type { Feature } from '../feature.js';
import { scheduledUpdated } from './scheduled.changes.js';
import { scheduledRoutes } from './scheduled.routes.js';
import { scheduledModels } from './scheduled.schemas.js';

export const scheduledMessages: Feature = {
  name: 'scheduled-messages',
  models: scheduledModels,
  changes: [scheduledUpdated],
  routes: scheduledRoutes,
};
