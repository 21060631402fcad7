import type { Feature } from '../feature.js';
import { leavingRoutes, serverLeavingRoutes } from './leaving.routes.js';
import { EraseMe, LeftMessages } from './leaving.schemas.js';

export const leaving: Feature = {
  name: 'leaving',
  models: [LeftMessages, EraseMe],
  routes: leavingRoutes,
  serverRoutes: serverLeavingRoutes,
};
