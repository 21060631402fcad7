import type { EventDescription } from '../../realtime/index.js';
import { Ref } from '../../shared/schema.js';
import { ParticipantDelivered } from './receipts.schemas.js';

export const DELIVERED_EVENT = 'chat.delivered';

/** For connected clients: a client that was away asks for the receipts of a message. */
export const receiptEvents: EventDescription[] = [
  {
    ...{ type: DELIVERED_EVENT, description: 'A device of a user has all up to a message.' },
    ...{ data: Ref(ParticipantDelivered), of: 'chat' },
  },
];
