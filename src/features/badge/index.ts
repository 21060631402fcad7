import type { Feature } from '../feature.js';
import { badgeRoutes } from './badge.routes.js';
import { Badge } from './badge.schemas.js';

export { Badge } from './badge.schemas.js';
export { getBadge } from './badge.service.js';

export const badge: Feature = { name: 'badge', models: [Badge], routes: badgeRoutes };
