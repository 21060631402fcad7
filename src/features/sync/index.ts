import type { Feature } from '../feature.js';
import { syncFrames } from './sync.frames.js';
import { syncRoutes } from './sync.routes.js';
import { syncModels } from './sync.schemas.js';

export { sync } from './sync.service.js';

export const syncing: Feature = {
  name: 'sync',
  tag: { name: 'Real time', description: 'Events, and catching up after having been away.' },
  models: ({ kinds }) => syncModels(kinds),
  frames: syncFrames,
  routes: syncRoutes,
};
