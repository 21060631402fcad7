import type { Feature } from '../feature.js';
import { connectionFrames } from './connections.frames.js';
import { connectionRoutes } from './connections.routes.js';

export { asksForSocket } from './socket-path.js';

export const connections: Feature = {
  name: 'connections',
  frames: connectionFrames,
  openRoutes: connectionRoutes,
};
