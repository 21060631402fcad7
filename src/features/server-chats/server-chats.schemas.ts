import { Type, type Static } from '@sinclair/typebox';
import { Projection, field, propertiesOf, timeField } from '../../database/index.js';
import { CustomDataPatch } from '../../shared/custom-data.js';
import { PlaceQuery } from '../../shared/place-pages.js';
import { Id, Nullable, OpenText, Pts, Ref, SmallInteger, Text, Time } from '../../shared/schema.js';
import { ChatKey, ChatType, NewName, groupFields, groupRules } from '../chats/index.js';
import { Participant } from '../participants/index.js';
import { GivenRole } from '../roles/index.js';
import { AvatarUrl, CHARLES, UserRef, avatarField, customField } from '../users/index.js';
import { ChatRef } from './chat-ref.js';

/** A chat as the host application sees it: nobody's own state is in it. */
const serverChatFields = [
  field('id', Id()),
  timeField('created_at', Time('When it was opened.')),
  timeField('updated_at', Time('When the chat itself last changed, not its messages.')),
  field('type', Ref(ChatType)),
  field('name', Nullable(Text({ description: 'The name of a group; null in a private chat.' }))),
  field('key', Nullable({ ...ChatKey, description: `${ChatKey.description ?? ''} null: it has none.` })),
  avatarField,
  field('pts', Pts('The number of its last durable change.'), { sql: (chat) => `${chat}.last_pts` }),
  field('participant_count', SmallInteger({ description: 'How many people take part.' })),
  customField('custom', 'For the participants to read; the owner of the group may change it.'),
  customField('trusted', 'For the participants to read; only the host application may change it.'),
  customField('internal', 'For the host application alone.'),
  ...groupFields,
] as const;

export const serverChatProjection = Projection.of(serverChatFields);

const EXAMPLE_CHAT = {
  ...{ id: 6, created_at: '2026-11-23T09:10:00.000Z', updated_at: '2026-11-23T09:10:00.000Z', type: 'group' },
  ...{ name: 'Order 4711', key: 'order:4711', avatar_url: null, pts: 1, participant_count: 2 },
  ...{ custom: {}, trusted: { order_id: 4711 }, internal: {}, description: null },
  ...{ member_rights: ['send', 'create_poll', 'rename', 'add_member'], frozen_at: null, slow_mode_seconds: 0 },
  ...{ disappear_after_seconds: 0, no_forward: false, history_from_now: false, public: false },
};

export const ServerChat = Type.Object(propertiesOf(serverChatFields), {
  $id: 'ServerChat',
  description: 'A chat, as the host application sees it.',
  examples: [EXAMPLE_CHAT],
});
export type ServerChat = Static<typeof ServerChat>;

export const ServerChatOutcome = Type.Object(
  {
    outcome: OpenText(['created', 'updated', 'unchanged'], 'What became of it.'),
    chat: Ref(ServerChat),
  },
  {
    $id: 'ServerChatOutcome',
    description: 'A chat as it is now.',
    examples: [{ outcome: 'created', chat: EXAMPLE_CHAT }],
  },
);
export type ServerChatOutcome = Static<typeof ServerChatOutcome>;

const MAX_MEMBERS = 100;
const MAX_CHANGED = 1000;

const details = {
  name: Type.Optional({ ...NewName, description: 'The name of a group; its key unless it is given.' }),
  avatar_url: Type.Optional(Nullable({ ...AvatarUrl, description: `${AvatarUrl.description ?? ''} null: none.` })),
  custom: Type.Optional(CustomDataPatch('For the participants to read.')),
  trusted: Type.Optional(CustomDataPatch('For the participants to read; only the host application may change it.')),
  internal: Type.Optional(CustomDataPatch('For the host application alone.')),
  ...groupRules,
};

const history = {
  history_from: Type.Optional(
    Type.String({
      pattern: '^(all|now|[1-9][0-9]{0,15})$',
      default: 'all',
      description:
        'Which messages people see who are added now: `all`, those from `now` on, or those from the message with this id on. People who are in the ' +
        'group already see what they saw.',
    }),
  ),
};

const EXAMPLE_MEMBERS = ['ext:customer-1815', 'ext:customer-1791'];

export const PutChat = Type.Object(
  {
    type: Type.Optional(Ref(ChatType)),
    ...details,
    owner: Type.Optional({ ...UserRef, description: 'The owner of a new group; nobody is unless it is given.' }),
    members: Type.Optional(
      Type.Array(UserRef, {
        maxItems: MAX_MEMBERS,
        description: 'Who is in it afterwards, beside people who are in it already. Two in a private chat.',
      }),
    ),
    ...history,
  },
  {
    $id: 'PutChat',
    description: 'What a chat is to be. What is not given stays as it is.',
    additionalProperties: false,
    examples: [{ name: 'Order 4711', members: EXAMPLE_MEMBERS, trusted: { order_id: 4711 } }],
  },
);
export type PutChat = Static<typeof PutChat>;

export const FindChat = Type.Object(
  {
    type: Type.Optional(Ref(ChatType)),
    ...details,
    members: Type.Array(UserRef, {
      minItems: 1,
      maxItems: MAX_MEMBERS,
      description: 'Exactly who is in it. Two in a private chat.',
    }),
  },
  {
    $id: 'FindChat',
    description: 'Who is in the chat, and what it has when it has to be opened.',
    additionalProperties: false,
    examples: [{ name: 'Ada and Charles', members: EXAMPLE_MEMBERS }],
  },
);
export type FindChat = Static<typeof FindChat>;

const members = Type.Array(UserRef, { minItems: 1, maxItems: MAX_CHANGED, description: 'The users.' });

export const ChangeMembers = Type.Object(
  { members },
  { $id: 'ChangeMembers', additionalProperties: false, examples: [{ members: EXAMPLE_MEMBERS }] },
);

export const AddMembers = Type.Object(
  { members, ...history },
  {
    $id: 'AddMembers',
    additionalProperties: false,
    examples: [{ members: EXAMPLE_MEMBERS, history_from: 'now' }],
  },
);

export const MembersOutcome = Type.Object(
  {
    changed: SmallInteger({
      description: 'How many were added, or removed; the rest were in it, or out of it, already.',
    }),
    participant_count: SmallInteger({ description: 'How many people take part now.' }),
  },
  { $id: 'MembersOutcome', description: 'What became of it.', examples: [{ changed: 2, participant_count: 4 }] },
);
export type MembersOutcome = Static<typeof MembersOutcome>;

export const ServerChatParams = Type.Object({ chat: ChatRef });

export const MemberListQuery = PlaceQuery('participants');

export const ServerMemberParams = Type.Object({ chat: ChatRef, user: UserRef });

export const PutMember = Type.Object(
  {
    role: Type.Optional(Ref(GivenRole)),
    ...history,
  },
  {
    $id: 'PutMember',
    description: 'What somebody is to be in a group. Without a role: who is in it stays what they are.',
    additionalProperties: false,
    examples: [{ role: 'moderator' }],
  },
);
export type PutMember = Static<typeof PutMember>;

export const MemberOutcome = Type.Object(
  {
    outcome: OpenText(['created', 'updated', 'unchanged'], 'What became of it.'),
    member: Ref(Participant),
  },
  {
    $id: 'MemberOutcome',
    description: 'Somebody in a group as they are now.',
    examples: [{ outcome: 'updated', member: { ...CHARLES, role: 'moderator' } }],
  },
);
export type MemberOutcome = Static<typeof MemberOutcome>;
