export { connectionRoutes } from './connections.routes.js';
