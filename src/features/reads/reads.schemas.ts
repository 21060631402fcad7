import { Type, type Static } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { Id } from '../../shared/schema.js';
import { readFields } from '../chats/index.js';

export const ReadUpTo = Type.Object(
  { message_id: Id('The last message that has been read.') },
  { $id: 'ReadUpTo', additionalProperties: false, examples: [{ message_id: 8 }] },
);

export const ReadMark = Type.Object(
  { chat_id: Id(), ...propertiesOf(readFields) },
  {
    $id: 'ReadMark',
    description: 'How far the user has read in a chat.',
    examples: [{ chat_id: 6, last_read_message_id: 8, unread_count: 0, marked_unread: false, unread_mentions: 0 }],
  },
);
export type ReadMark = Static<typeof ReadMark>;

/** How far another has read. */
export const ParticipantRead = Type.Object(
  { user_id: Id(), message_id: Id('The last message that they have marked as read.') },
  {
    $id: 'ParticipantRead',
    description: 'How far another user has read in a chat.',
    examples: [{ user_id: 7, message_id: 8 }],
  },
);
