import type { Feature } from '../feature.js';
import { scheduledUpdated } from './scheduled.changes.js';
import { ScheduledState } from './scheduled.fields.js';
import { scheduledRoutes } from './scheduled.routes.js';
import { ChangeScheduled, ScheduleMessage, ScheduledList, ScheduledMessage } from './scheduled.schemas.js';

export const scheduledMessages: Feature = {
  name: 'scheduled-messages',
  models: [ScheduledState, ScheduledMessage, ScheduledList, ScheduleMessage, ChangeScheduled],
  changes: [scheduledUpdated],
  routes: scheduledRoutes,
};
