import { defineError } from '../../shared/errors.js';

export const notAGroup = defineError(400, 'NOT_A_GROUP', 'This is a private chat: only a group can be changed.');
export const publicGroupsOff = defineError(403, 'PUBLIC_GROUPS_OFF', 'This server has no public groups.');
/** The spelling of the code is that of existing clients: after its creator has left, a group has another owner. */
export const notTheCreator = defineError(403, 'NOT_THE_CREATOR', 'Only the owner of the group may do this.');
