import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, Pts, Ref, SmallInteger, Text, Time, WithDefault, Words } from '../../shared/schema.js';
import { ClientId, EXAMPLE_MESSAGE, Message } from '../messages/index.js';
import { ShortUser } from '../users/index.js';

/** As many as one request can invite; a body of 1 MiB would hold far more. */
const MAX_INVITED = 10_000;

const MAX_NAME = 255;

const Name = Text({ maxLength: MAX_NAME, description: 'The name of a group; null in a private chat.' });
const NewName = Words({
  minLength: 1,
  maxLength: MAX_NAME,
  description: 'The name of the group; not only spaces or characters that show nothing.',
});

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
  name: Nullable(Name),
  type: Ref(ChatType),
  last_message: Type.Union([Ref(Message), Type.Null()], {
    description: 'The newest message; null while there is none.',
  }),
  pts: Pts('The number of its last durable change; see `POST /sync`.'),
  last_read_message_id: Nullable(Id('The last message that the user has marked as read.')),
  unread_count: SmallInteger({ description: 'Messages of others after that one, 1000 at the most.' }),
  peer: Type.Union([Ref(ShortUser), Type.Null()], {
    description: 'The other person of a private chat; null in a group.',
  }),
  participant_count: SmallInteger({ description: 'How many people take part.' }),
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
  peer: null,
  participant_count: 2,
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
    deduplicated: Type.Optional(
      Type.Boolean({ description: 'true when the group had been opened before under this `client_id`.' }),
    ),
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
    name: NewName,
    client_id: Type.Optional(ClientId),
  },
  { $id: 'CreateGroupChat', additionalProperties: false, examples: [{ with_ids: [7], name: 'Engines' }] },
);
export type CreateGroupChat = Static<typeof CreateGroupChat>;

export const ChangeChat = Type.Object(
  { name: NewName },
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

/** The largest number of four bytes, which every client can write. */
const MAX_NAMED = 2_147_483_647;

export const ChatQuery = Type.Object({
  participants: Type.Optional(
    SmallInteger({
      minimum: 0,
      maximum: MAX_NAMED,
      examples: [1],
      description: 'How many participants are named; all of them unless it is given.',
    }),
  ),
});
export type ChatQuery = Static<typeof ChatQuery>;

export const ParticipantListQuery = Type.Object({
  cursor: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      examples: ['12'],
      description: 'Exclusive: the `next` of the page before.',
    }),
  ),
  limit: WithDefault(
    SmallInteger({
      minimum: 1,
      maximum: 500,
      default: 100,
      description: 'How many participants, at the most.',
      examples: [100],
    }),
  ),
});
export type ParticipantListQuery = Static<typeof ParticipantListQuery>;

export const ParticipantList = Type.Object(
  {
    next: Nullable(Type.String({ description: 'The `cursor` of the next page; null when this page is empty.' })),
    has_more: Type.Boolean({ description: 'Whether there are participants after this page.' }),
    count: SmallInteger({ description: 'How many participants are on this page.' }),
    participants: Type.Array(Ref(ShortUser)),
  },
  {
    $id: 'ParticipantList',
    description: 'Some participants of a chat, in order of joining.',
    examples: [
      {
        next: '12',
        has_more: false,
        count: 2,
        participants: [
          { id: 5, username: 'ada' },
          { id: 7, username: 'charles' },
        ],
      },
    ],
  },
);
export type ParticipantList = Static<typeof ParticipantList>;
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
