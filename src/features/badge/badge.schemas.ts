import { Type, type Static } from '@sinclair/typebox';
import { SmallInteger } from '../../shared/schema.js';

export const Badge = Type.Object(
  {
    messages: SmallInteger({
      description: 'Unread messages: 1000 of a chat at the most, and 10000 of all. Silent ones do not count.',
    }),
    chats: SmallInteger({ description: 'Chats that have unread messages, or that the user has marked as unread.' }),
    mentions: SmallInteger({
      description: 'Those of the messages that name the user, but for chats with `notifications` `none`.',
    }),
  },
  {
    $id: 'Badge',
    description: 'What waits to be read, in chats that are neither muted nor archived.',
    examples: [{ messages: 12, chats: 3, mentions: 1 }],
  },
);
export type Badge = Static<typeof Badge>;
