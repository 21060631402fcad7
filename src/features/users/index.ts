import type { Feature } from '../feature.js';
import { USER_UPDATED, meUpdated } from './user.changes.js';
import { userRoutes } from './users.routes.js';
import { AcceptsMessages, Notifications, UserRole } from './user.fields.js';
import { ChangeBio, ChangeMe, FoundUsers, Profile, ShortUser, User } from './users.schemas.js';

export { createExternalUser, newProfile } from './external-users.js';
export { USER_UPDATED, meUpdated } from './user.changes.js';
export {
  AvatarUrl,
  Bio,
  DisplayName,
  Email,
  ExternalId,
  Findable,
  Locale,
  UserRole,
  Teams,
  Username,
  accountFields,
  avatarField,
  customField,
  personProjection,
  profileFields,
  profileProjection,
  suspensionFields,
  userFields,
  userProjection,
} from './user.fields.js';
export { UserRef, externalIdOf, findUserId, findUserIdsByRef, isExternalId, unescapePath } from './user-ref.js';
export { changedMeanwhile, userNotFound, userSuspended } from './users.errors.js';
export {
  eraseProfile,
  erasedNames,
  findMissing,
  findUserIds,
  isAdmin,
  mayKnowUser,
  readUser,
  type StoredProfile,
} from './users.queries.js';
export { changeProfile, patchProfile } from './users.service.js';
export { ADA, CHARLES, IfVersion, Profile, ShortUser, User } from './users.schemas.js';

export const users: Feature = {
  name: 'users',
  tag: { name: 'Users', description: 'The user of the token, and what others see of them.' },
  models: [AcceptsMessages, Notifications, UserRole, User, ShortUser, FoundUsers, Profile, ChangeBio, ChangeMe],
  changes: [meUpdated],
  ephemeral: [USER_UPDATED],
  routes: userRoutes,
};
