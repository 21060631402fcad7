import type { EventDescription } from '../../realtime/index.js';
import { Ref } from '../../shared/schema.js';
import { ParticipantRead } from './reads.schemas.js';

export const READ_EVENT = 'chat.read';

/** For connected clients: a client that was away asks by sync. */
export const readEvents: EventDescription[] = [
  { type: READ_EVENT, description: 'A user has read up to a message.', data: Ref(ParticipantRead), of: 'chat' },
];
