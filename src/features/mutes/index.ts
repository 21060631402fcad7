import type { Feature } from '../feature.js';
import { muteProjection, muteUpdated } from './mute.changes.js';
import { muteRoutes } from './mutes.routes.js';
import { Mute, MuteList, MuteUser, MutedUser } from './mutes.schemas.js';

export { muteProjection };

export const mutes: Feature = {
  name: 'mutes',
  models: [Mute, MuteUser, MutedUser, MuteList],
  changes: [muteUpdated],
  routes: muteRoutes,
};
