import { PRESENCE_EVENT } from '../../realtime/index.js';
import { Ref } from '../../shared/schema.js';
import type { Feature } from '../feature.js';
import { presenceFrames } from './presence.frames.js';
import { UserPresence } from './presence.schemas.js';

export const presence: Feature = {
  name: 'presence',
  models: [UserPresence],
  ephemeral: [{ type: PRESENCE_EVENT, description: 'A user has come or gone.', data: Ref(UserPresence), of: 'users' }],
  frames: presenceFrames,
};
