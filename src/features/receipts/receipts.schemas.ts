import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, Ref, SmallInteger } from '../../shared/schema.js';
import { ADA, ShortUser } from '../users/index.js';

export const DeliveredUpTo = Type.Object(
  { message_id: Id('The last message that the device has.') },
  { $id: 'DeliveredUpTo', additionalProperties: false, examples: [{ message_id: 8 }] },
);

export const DeliveredMark = Type.Object(
  {
    chat_id: Id(),
    delivered_message_id: Nullable(Id('The last message that a device of the user has, or that the user has read.')),
  },
  {
    $id: 'DeliveredMark',
    description: 'Up to which message the user has received all.',
    examples: [{ chat_id: 6, delivered_message_id: 8 }],
  },
);
export type DeliveredMark = Static<typeof DeliveredMark>;

export const ParticipantDelivered = Type.Object(
  { user_id: Id(), message_id: Id('The last message that they have received.') },
  {
    $id: 'ParticipantDelivered',
    description: 'Up to which message another user has received all.',
    examples: [{ user_id: 7, message_id: 8 }],
  },
);

/** In larger chats nobody is named. */
export const MAX_NAMED = 100;
/** In larger chats nobody is counted either. */
export const MAX_COUNTED = 10_000;

const Count = (what: string) =>
  Nullable(SmallInteger({ description: `How many ${what}; null in chats of more than ${MAX_COUNTED} people.` }));
const People = (what: string) =>
  Nullable(Type.Array(Ref(ShortUser), { description: `Who ${what}; null in chats of more than ${MAX_NAMED} people.` }));

export const Receipts = Type.Object(
  {
    read_count: Count('have read it'),
    delivered_count: Count('have received it, those who have read it included'),
    of_count: Count('may see it and show what they have read, without its author'),
    read: People('has read it'),
    delivered: People('has received it and not read it'),
  },
  {
    $id: 'Receipts',
    description: 'Who has received a message, and who has read it.',
    examples: [{ read_count: 1, delivered_count: 1, of_count: 2, read: [ADA], delivered: [] }],
  },
);
export type Receipts = Static<typeof Receipts>;
