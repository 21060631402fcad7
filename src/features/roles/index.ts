import type { Feature } from '../feature.js';
import { participantUpdated, roleChangeModels } from './role.changes.js';
import { roleRoutes } from './roles.routes.js';
import { ChangeParticipant, GivenRole } from './roles.schemas.js';

export { assignRole } from './assign-role.js';
export { participantUpdated } from './role.changes.js';
export { GivenRole } from './roles.schemas.js';

export const roles: Feature = {
  name: 'roles',
  models: [GivenRole, ChangeParticipant, ...roleChangeModels],
  changes: [participantUpdated],
  routes: roleRoutes,
};
