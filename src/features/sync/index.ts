export { syncFrames } from './sync.frames.js';
export { syncRoutes } from './sync.routes.js';
export { syncModels } from './sync.schemas.js';
export { sync } from './sync.service.js';
