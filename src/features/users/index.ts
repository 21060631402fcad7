import { ChangeBio, ShortUser, User } from './users.schemas.js';

export const userModels = [User, ShortUser, ChangeBio];
export { findUserIds, findUsernames } from './users.queries.js';
export { userRoutes } from './users.routes.js';
export { Email, ShortUser, Username } from './users.schemas.js';
