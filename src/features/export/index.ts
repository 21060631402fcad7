import type { Feature } from '../feature.js';
import { exportRoutes } from './export.routes.js';

/** All that there is about a user, for them to take along. */
export const exporting: Feature = { name: 'export', openRoutes: exportRoutes };
