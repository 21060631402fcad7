import type { Feature } from '../feature.js';
import { userRoutes } from './users.routes.js';
import { ChangeBio, ShortUser, User } from './users.schemas.js';

export { personProjection, userProjection, Email, Username } from './user.fields.js';
export { findUserIds } from './users.queries.js';
export { ShortUser } from './users.schemas.js';

export const users: Feature = {
  name: 'users',
  tag: { name: 'Users', description: 'The user of the token.' },
  models: [User, ShortUser, ChangeBio],
  routes: userRoutes,
};
