import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, Pts, Ref, SmallInteger, Text, Time, WithDefault } from '../../shared/schema.js';
import { EXAMPLE_MESSAGE, Message } from '../messages/index.js';
import { ShortUser } from '../users/index.js';

/** As many as one request can invite; a body of 1 MiB would hold far more. */
const MAX_INVITED = 10_000;

const Name = Text({ maxLength: 255, description: 'The name of the group.' });

export const ChatType = Type.Unsafe<'private' | 'group'>({
  $id: 'ChatType',
  type: 'string',
  enum: ['private', 'group'],
  description: 'A private chat is of two people and has no name.',
});

const chatProperties = {
  id: Id(),
  created_at: Time('When it was opened.'),
  updated_at: Time('When the chat itself last changed, not its messages.'),
  name: Nullable({ ...Name, description: 'The name of a group; null in a private chat.' }),
  type: Ref(ChatType),
  last_message: Type.Union([Ref(Message), Type.Null()], {
    description: 'The newest message; null while there is none.',
  }),
  pts: Pts('The number of its last durable change; see `POST /sync`.'),
  last_read_message_id: Nullable(Id('The last message that the user has marked as read.')),
  unread_count: SmallInteger({ description: 'Messages of others after that one, 1000 at the most.' }),
};

const EXAMPLE_CHAT = {
  id: 6,
  created_at: '2026-11-23T09:10:00.000Z',
  updated_at: '2026-11-23T09:10:00.000Z',
  name: 'Engines',
  type: 'group',
  last_message: EXAMPLE_MESSAGE,
  pts: 42,
  last_read_message_id: 7,
  unread_count: 1,
};

export const Chat = Type.Object(chatProperties, {
  $id: 'Chat',
  description: 'A chat in which the user takes part.',
  examples: [EXAMPLE_CHAT],
});
export type Chat = Static<typeof Chat>;

export const ChatWithParticipants = Type.Object(
  {
    ...chatProperties,
    participants: Type.Array(Ref(ShortUser), { description: 'The creator first, then in order of joining.' }),
  },
  {
    $id: 'ChatWithParticipants',
    description: 'A chat and who takes part in it.',
    examples: [
      {
        ...EXAMPLE_CHAT,
        participants: [
          { id: 5, username: 'ada' },
          { id: 7, username: 'charles' },
        ],
      },
    ],
  },
);
export type ChatWithParticipants = Static<typeof ChatWithParticipants>;

export const CreatePrivateChat = Type.Object(
  { with_user_id: Id('The other user.') },
  { $id: 'CreatePrivateChat', additionalProperties: false, examples: [{ with_user_id: 7 }] },
);

export const CreateGroupChat = Type.Object(
  {
    with_ids: Type.Array(Id(), {
      minItems: 1,
      maxItems: MAX_INVITED,
      description: 'The other users. One that is named twice counts once.',
    }),
    name: Name,
  },
  { $id: 'CreateGroupChat', additionalProperties: false, examples: [{ with_ids: [7], name: 'Engines' }] },
);

export const ChangeChat = Type.Object(
  { name: Name },
  { $id: 'ChangeChat', additionalProperties: false, examples: [{ name: 'Difference engines' }] },
);

/** As many as one request can add; each of them is named in one event. */
const MAX_ADDED = 500;

export const AddParticipants = Type.Object(
  {
    user_ids: Type.Array(Id(), {
      minItems: 1,
      maxItems: MAX_ADDED,
      description: 'The users. Those who take part already are left as they are.',
    }),
  },
  { $id: 'AddParticipants', additionalProperties: false, examples: [{ user_ids: [9] }] },
);

export const ReadUpTo = Type.Object(
  { message_id: Id('The last message that has been read.') },
  { $id: 'ReadUpTo', additionalProperties: false, examples: [{ message_id: 8 }] },
);

export const ReadMark = Type.Object(
  {
    chat_id: Id(),
    last_read_message_id: chatProperties.last_read_message_id,
    unread_count: chatProperties.unread_count,
  },
  {
    $id: 'ReadMark',
    description: 'How far the user has read in a chat.',
    examples: [{ chat_id: 6, last_read_message_id: 8, unread_count: 0 }],
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

export const ChatListQuery = Type.Object({
  cursor: Type.Optional(
    Type.String({
      description: 'The `next` of the page before, exactly as it came: its form may change.',
      examples: [EXAMPLE_MESSAGE.created_at],
    }),
  ),
  limit: WithDefault(
    SmallInteger({
      minimum: 1,
      maximum: 50,
      default: 25,
      description: 'How many chats. More come when several were active at the same instant.',
      examples: [25],
    }),
  ),
});
export type ChatListQuery = Static<typeof ChatListQuery>;

export const ChatList = Type.Object(
  {
    next: Nullable(
      Type.String({
        description:
          'The `cursor` of the next page; null when this page is empty. Hand it back as it is: its form may change.',
      }),
    ),
    has_more: Type.Boolean({ description: 'Whether the next page has a chat.' }),
    count: SmallInteger({ description: 'How many chats are on this page.' }),
    chats: Type.Array(Ref(Chat)),
  },
  {
    $id: 'ChatList',
    description: 'Some chats of the user, the most recently active first.',
    examples: [{ next: EXAMPLE_MESSAGE.created_at, has_more: false, count: 1, chats: [EXAMPLE_CHAT] }],
  },
);
export type ChatList = Static<typeof ChatList>;
