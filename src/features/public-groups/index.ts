import type { Feature } from '../feature.js';
import { publicGroupRoutes } from './public-groups.routes.js';
import { PublicGroup, PublicGroupList } from './public-groups.schemas.js';

export const publicGroups: Feature = {
  name: 'public-groups',
  models: [PublicGroup, PublicGroupList],
  routes: publicGroupRoutes,
};
