import { ownKind } from '../../changes/index.js';
import { Ref } from '../../shared/schema.js';
import { userProjection } from './user.fields.js';
import { Profile, User } from './users.schemas.js';

/** For all devices of the user. */
export const meUpdated = ownKind({
  type: 'me.updated',
  description: 'The user has changed something about themselves, or the host application has.',
  data: Ref(User),
  changed: (userId) => `select me_pts, id as key from public."user" where id = ${userId}`,
  state: (userId, key) =>
    `(select ${userProjection.json('me')} from public."user" me where me.id = ${key} and me.id = ${userId})`,
});

/** For everybody who shares a chat with the user. A sync brings the same as `people`. */
export const USER_UPDATED = {
  type: 'user.updated',
  description: 'The profile of a user with whom you share a chat, or your own, has changed.',
  data: Ref(Profile),
  of: 'users' as const,
};
