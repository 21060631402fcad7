export { connectionRoutes } from './connections.routes.js';
export { asksForSocket } from './socket-path.js';
