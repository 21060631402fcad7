import type { Feature } from '../feature.js';
import { participantAdded, participantChangeModels, participantRemoved } from './participant.changes.js';
import { participantRoutes } from './participants.routes.js';
import { AddParticipants, Participant, ParticipantList } from './participants.schemas.js';

export { participantAdded, participantRemoved } from './participant.changes.js';
export { refuseBanned, requireNoneBanned } from './banned.js';
export { requireGroupRight } from './group-right.js';
export { requireMet } from './missing-people.js';
export { addNewcomers } from './newcomers.js';
export { banned, participantDoesNotExist, rankTooLow, userDoesNotExist } from './participants.errors.js';
export {
  addParticipants,
  giveRoles,
  leaveShadow,
  removeParticipant,
  removePending,
  type RoleGiven,
} from './participants.queries.js';
export { Participant, ParticipantList, type ParticipantListQuery } from './participants.schemas.js';
export { tellOfRole } from './tell-of-role.js';
export { addPending } from './pending-participants.js';

export const participants: Feature = {
  name: 'participants',
  models: [AddParticipants, Participant, ParticipantList, ...participantChangeModels],
  changes: [participantAdded, participantRemoved],
  routes: participantRoutes,
};
