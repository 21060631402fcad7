import type { Feature } from '../feature.js';
import { moderationRoutes } from './moderation.routes.js';
import { sanctionModels } from './sanctions.schemas.js';

export { ban } from './bans.service.js';
export { removeAs } from './message-removal-job.js';
export { restrict } from './restrictions.service.js';
export { isInShadow } from './shadows.queries.js';
export { shadow } from './shadows.service.js';
export { insertRemoval } from './message-removal.queries.js';
export { DeletedMessages, MAX_BAN_REASON, Until } from './sanctions.schemas.js';

export const moderation: Feature = {
  name: 'moderation',
  tag: { name: 'Moderation', description: 'Keeping people from writing in a group, or from being in it.' },
  models: sanctionModels,
  routes: moderationRoutes,
};
