import type { Feature } from '../feature.js';
import { filterRoutes } from './filters.routes.js';
import { filterModels } from './filters.schemas.js';

export { MessageFilters } from './message-filters.js';

export const filters: Feature = {
  name: 'filters',
  models: filterModels,
  adminRoutes: filterRoutes,
};
