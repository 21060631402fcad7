import { Type, type Static } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { CustomDataPatch } from '../../shared/custom-data.js';
import { Nullable, Ref, SmallInteger, Text, WithDefault, Words } from '../../shared/schema.js';
import { EXAMPLE_MESSAGE, messageProjection } from '../messages/index.js';
import { ADA, AvatarUrl, CHARLES, ShortUser } from '../users/index.js';
import { RIGHTS_FOR_MEMBERS } from '../../shared/rights.js';
import {
  ChatNotifications,
  MAX_DESCRIPTION,
  MAX_DISAPPEAR_SECONDS,
  MAX_NAME,
  MAX_SLOW_MODE_SECONDS,
  chatFields,
  ownSettingsFields,
} from './chat.fields.js';

export const NewName = Words({
  minLength: 1,
  maxLength: MAX_NAME,
  description: 'The name of the group; not only spaces or characters that show nothing.',
});

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
  marked_unread: false,
  unread_mentions: 0,
  muted_until: null,
  pinned: false,
  archived: false,
  private: {},
  notifications: 'default' as const,
  ...{ draft: null, draft_reply_to_id: null, draft_revision: 0 },
  own_role: 'member',
  own_rights: ['send', 'create_poll', 'rename', 'add_member'],
  peer: null,
  participant_count: 2,
  key: 'project:1837',
  avatar_url: null,
  custom: { color: 'green' },
  trusted: {},
  description: null,
  member_rights: ['send', 'create_poll', 'rename', 'add_member'],
  frozen_at: null,
  slow_mode_seconds: 0,
  disappear_after_seconds: 0,
  no_forward: false,
  history_from_now: false,
  public: false,
};

/** Its last message has the model that is registered under that name. */
const chatProperties = propertiesOf(chatFields(messageProjection));

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
        participants: [ADA, CHARLES],
      },
    ],
  },
);
export type ChatWithParticipants = Static<typeof ChatWithParticipants>;

export const MemberRight = Type.Unsafe<(typeof RIGHTS_FOR_MEMBERS)[number]>({
  $id: 'MemberRight',
  type: 'string',
  enum: RIGHTS_FOR_MEMBERS,
  description: 'What the members of a group may be allowed.',
});

/** What a group is to be, said by its people or by the host application. */
export const groupRules = {
  description: Type.Optional(
    Nullable(Text({ maxLength: MAX_DESCRIPTION, description: 'What the group is about. Empty or null: nothing.' })),
  ),
  member_rights: Type.Optional(
    Type.Array(Ref(MemberRight), {
      uniqueItems: true,
      description:
        'What members may do, all of it; it is `send`, `create_poll`, `rename` and `add_member` in a new group. Without `send` the group is one for announcements.',
    }),
  ),
  frozen: Type.Optional(
    Type.Boolean({ description: 'Whether only those may write who have the right `slow_exempt`.' }),
  ),
  slow_mode_seconds: Type.Optional(
    SmallInteger({
      minimum: 0,
      maximum: MAX_SLOW_MODE_SECONDS,
      description: 'How many seconds pass between two messages of one author without the right `slow_exempt`; 0: none.',
    }),
  ),
  disappear_after_seconds: Type.Optional(
    SmallInteger({
      minimum: 0,
      maximum: MAX_DISAPPEAR_SECONDS,
      description:
        'How many seconds after it is sent a message disappears, of those that are sent from now on: 5 at least; 0: none does. Also in a private chat.',
    }),
  ),
  no_forward: Type.Optional(Type.Boolean({ description: 'Whether nobody may forward its messages.' })),
  history_from_now: Type.Optional(
    Type.Boolean({ description: 'Whether newcomers see only what is written after they have joined.' }),
  ),
  public: Type.Optional(
    Type.Boolean({
      description: 'Whether everyone finds the group and may join it. true needs a server that has public groups.',
    }),
  ),
};

export const ChangeChat = Type.Object(
  {
    name: Type.Optional(NewName),
    avatar_url: Type.Optional(Nullable({ ...AvatarUrl, description: `${AvatarUrl.description ?? ''} null: none.` })),
    custom: Type.Optional(
      CustomDataPatch('For the participants to read; only owner and admins of the group may change it.'),
    ),
    ...groupRules,
  },
  {
    $id: 'ChangeChat',
    additionalProperties: false,
    minProperties: 1,
    examples: [{ name: 'Difference engines' }],
  },
);
export type ChangeChat = Static<typeof ChangeChat>;

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
  archived: Type.Optional(
    Type.Boolean({ description: 'Only chats that the user has archived, or only others.', examples: [false] }),
  ),
  pinned: Type.Optional(
    Type.Boolean({ description: 'Only chats that the user has pinned, or only others.', examples: [true] }),
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

export const ChangeChatSettings = Type.Object(
  {
    muted_until: Type.Optional(
      Nullable(
        Type.String({
          format: 'date-time',
          description: 'Until when the user wants no notifications of the chat; null: they want them.',
        }),
      ),
    ),
    pinned: Type.Optional(Type.Boolean({ description: 'Whether the chat is pinned.' })),
    archived: Type.Optional(Type.Boolean({ description: 'Whether the chat is archived.' })),
    private: Type.Optional(CustomDataPatch('For the user alone.')),
    notifications: Type.Optional(Ref(ChatNotifications)),
  },
  {
    $id: 'ChangeChatSettings',
    additionalProperties: false,
    minProperties: 1,
    examples: [{ muted_until: '2026-11-24T09:00:00.000Z', pinned: true }],
  },
);
export type ChangeChatSettings = Static<typeof ChangeChatSettings>;

export const ChatSettings = Type.Object(propertiesOf(ownSettingsFields), {
  $id: 'ChatSettings',
  description: 'What a chat is to the user alone.',
  examples: [
    {
      ...{ chat_id: 6, muted_until: '2026-11-24T09:00:00.000Z', pinned: true, archived: false },
      ...{
        private: { color: 'red' },
        notifications: 'mentions',
        own_role: 'member',
        own_rights: EXAMPLE_CHAT.own_rights,
      },
    },
  ],
});
export type ChatSettings = Static<typeof ChatSettings>;
