export { connectionRoutes } from './connections.routes.js';
export { UpgradableRequest } from './upgradable-request.js';
