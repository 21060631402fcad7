import type { Feature } from '../feature.js';
import { participantAdded, participantChangeModels, participantRemoved } from './participant.changes.js';
import { participantRoutes } from './participants.routes.js';
import { AddParticipants, ParticipantList } from './participants.schemas.js';

export { participantAdded, participantRemoved } from './participant.changes.js';
export { requireMet } from './missing-people.js';
export { userDoesNotExist } from './participants.errors.js';
export { addParticipants, removeParticipant, removePending } from './participants.queries.js';
export { addPending } from './pending-participants.js';

export const participants: Feature = {
  name: 'participants',
  models: [AddParticipants, ParticipantList, ...participantChangeModels],
  changes: [participantAdded, participantRemoved],
  routes: participantRoutes,
};
