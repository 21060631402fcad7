import { Type, type TBoolean, type TInteger } from '@sinclair/typebox';
import {
  MINE,
  Projection,
  field,
  mayHaveUnreadMentions,
  memberRightsJson,
  nestedField,
  rightsJson,
  shortMemberRights,
  shortRights,
  timeField,
  unreadCount,
  unreadMentionCount,
  usuallyNull,
  type MessageProjection,
  type Usual,
} from '../../database/index.js';
import { RIGHTS, ROLES } from '../../shared/rights.js';
import { Id, Nullable, OpenText, Position, Pts, Ref, SmallInteger, Text, Time } from '../../shared/schema.js';
import { Message } from '../messages/index.js';
import { ShortUser, avatarField, customField, personProjection } from '../users/index.js';

export const MAX_NAME = 255;
/** More than a message has: what is too long to be sent is not lost. */
export const MAX_DRAFT = 20_000;

export const ChatKey = Text({
  minLength: 1,
  maxLength: 255,
  description: "The host application's own name for the chat, such as `order:4711`.",
});

/** Of which messages of a chat the user wants notifications. */
export const ChatNotifications = Type.Unsafe<'default' | 'all' | 'mentions' | 'none'>({
  $id: 'ChatNotifications',
  type: 'string',
  enum: ['default', 'all', 'mentions', 'none'],
  description:
    'Of which messages the user wants notifications: `default` is what `notifications` of the user says, `mentions` are those that ' +
    'name the user.',
});

export const ChatType = Type.Unsafe<'private' | 'group'>({
  $id: 'ChatType',
  type: 'string',
  enum: ['private', 'group'],
  description: 'A private chat is of two people and has no name.',
});

/** What a chat is to the user alone. */
const settingsFields = [
  timeField('muted_until', Nullable(Time('Until when the user wants no notifications of it; null: they want them.')), {
    sql: () => 'mine.muted_until',
    usual: usuallyNull('muted_until', null, 'mine'),
  }),
  field('pinned', Type.Boolean({ description: 'Whether the user has pinned it.' }), {
    sql: () => 'mine.pinned_at is not null',
    usual: usuallyNull('pinned_at', false, 'mine'),
  }),
  field('archived', Type.Boolean({ description: 'Whether the user has archived it.' }), {
    sql: () => 'mine.archived_at is not null',
    usual: usuallyNull('archived_at', false, 'mine'),
  }),
  customField('private', 'What only the user reads and writes.', 'mine'),
  field('notifications', Ref(ChatNotifications), {
    sql: () => "coalesce(mine.notifications, 'default')",
    usual: usuallyNull('notifications', 'default', 'mine'),
  }),
] as const;

/** How far the user has read. @param chat what SQL calls the row with the columns of the chat. */
function readFieldsOf(chat: string) {
  return [
    field('last_read_message_id', Nullable(Id('The last message that the user has marked as read.')), {
      sql: () => 'mine.last_read_message_id',
    }),
    field('unread_count', SmallInteger({ description: 'Messages of others after that one, 1000 at the most.' }), {
      sql: () => unreadCount('mine', chat),
    }),
    field(
      'marked_unread',
      Type.Boolean({ description: 'Whether the user has marked it as unread, since they last read or wrote there.' }),
      { sql: () => 'mine.marked_unread', usual: { sql: () => 'not mine.marked_unread', value: false } },
    ),
    field(
      'unread_mentions',
      SmallInteger({ description: 'Those of the unread messages that name the user, 1000 at the most.' }),
      {
        sql: () => unreadMentionCount('mine', chat),
        plain: { sql: () => `not ${mayHaveUnreadMentions('mine', chat)}`, value: 0 },
      },
    ),
  ] as const;
}

export const readFields = readFieldsOf('mine');

/** Of a chat in which there never was one. */
function withoutDraft(value: unknown): Usual {
  return { sql: () => 'mine.draft_me_pts = 0', value };
}

/** What the user has begun to write. */
export const draftFields = [
  field(
    'draft',
    Nullable(Text({ maxLength: MAX_DRAFT, description: 'What the user has begun to write; null: nothing.' })),
    { sql: () => 'mine.draft', usual: withoutDraft(null) },
  ),
  field('draft_reply_to_id', Nullable(Id('The message that the draft answers; null: none.')), {
    sql: () => 'mine.draft_reply_to_id',
    usual: withoutDraft(null),
  }),
  field('draft_revision', Position('Ascends with each change of the draft; 0: there never was one.'), {
    sql: () => 'mine.draft_me_pts',
    usual: withoutDraft(0),
  }),
] as const;

export const RoleName = OpenText(ROLES, 'What somebody is in a chat; in a private chat both are members.');

/** @param whose for people. */
function RightList(whose: string) {
  const words = Object.entries(RIGHTS).map(([right, meaning]) => `\`${right}\`: ${meaning}`);
  return Type.Array(OpenText(Object.keys(RIGHTS), 'Something that one may do.'), {
    description: `What ${whose} may do. ${words.join('; ')}. There will be more.`,
  });
}

/** What the user is in the chat. @param chat what SQL calls the row with the columns of the chat. */
function standingFields(chat: string) {
  return [
    field('own_role', RoleName, { sql: () => 'mine.role::text' }),
    field('own_rights', RightList('the user'), {
      sql: () => rightsJson('mine', chat),
      short: shortRights('mine', chat),
    }),
  ] as const;
}

/** Those fields of a chat that are the participant's own. In SQL, mine has the columns of the chat that they need. */
export const ownFields = [...readFields, ...settingsFields, ...standingFields('mine'), ...draftFields] as const;

const chatId = field('chat_id', Id(), { sql: () => 'mine.chat_id' });

export const ownSettingsFields = [chatId, ...settingsFields, ...standingFields('mine')] as const;
export const settingsProjection = Projection.of(ownSettingsFields);
export const readProjection = Projection.of([chatId, ...readFields]);
export const draftProjection = Projection.of([chatId, ...draftFields]);

/** SQL for some fields of the participation, which is called mine, as JSON. */
export function participationJson(projection: Projection<object>, userId: string, chatId: string): string {
  return `(
        select ${projection.json('mine')}
        from (
          select p.*, chat.private_key, chat.member_rights, chat.last_message_id, chat.last_mention_id
          from public.chat_participant p
          cross join lateral (select private_key, member_rights, last_message_id, last_mention_id from public.chat where id = p.chat_id offset 0) chat
          where p.chat_id = ${chatId} and p.user_id = ${userId}
        ) mine
      )`;
}

export const MAX_DESCRIPTION = 1000;
/** A year. */
export const MAX_DISAPPEAR_SECONDS = 31_536_000;
/** Six hours. */
export const MAX_SLOW_MODE_SECONDS = 21_600;

export const groupFieldSchemas = {
  description: Nullable(
    Text({ maxLength: MAX_DESCRIPTION, description: 'What the group is about; null: nobody has said.' }),
  ),
  member_rights: RightList('members'),
  frozen_at: Nullable(
    Time('Since when only those write who have the right `slow_exempt`; null: the group is not frozen.'),
  ),
  slow_mode_seconds: SmallInteger({
    description: 'How many seconds pass between two messages of one author without the right `slow_exempt`; 0: none.',
  }),
  disappear_after_seconds: SmallInteger({
    description:
      'How many seconds after it is sent a message disappears, of those that are sent from now on; 0: none does.',
  }),
  public: Type.Boolean({
    description: 'Whether everyone finds it and may join it, where the server has public groups.',
  }),
  no_forward: Type.Boolean({ description: 'Whether nobody may forward its messages.' }),
  history_from_now: Type.Boolean({ description: 'Whether newcomers see only what is written after they have joined.' }),
} as const;

/** For a column that is null in most groups, and counts as nothing there. */
function flag<const Name extends string>(name: Name, schema: TBoolean, column: string = name) {
  return field(name, schema, {
    sql: (chat) => `${chat}.${column} is not distinct from true`,
    usual: usuallyNull(column, false),
  });
}

/** As `flag`. */
function seconds<const Name extends string>(name: Name, schema: TInteger) {
  return field(name, schema, {
    sql: (chat) => `coalesce(${chat}.${name}, 0)`,
    usual: usuallyNull(name, 0),
  });
}

/** What a group is beyond its name. */
export const groupFields = [
  field('description', groupFieldSchemas.description, { usual: usuallyNull('description') }),
  field('member_rights', groupFieldSchemas.member_rights, { sql: memberRightsJson, short: shortMemberRights }),
  timeField('frozen_at', groupFieldSchemas.frozen_at, { usual: usuallyNull('frozen_at') }),
  seconds('slow_mode_seconds', groupFieldSchemas.slow_mode_seconds),
  seconds('disappear_after_seconds', groupFieldSchemas.disappear_after_seconds),
  flag('no_forward', groupFieldSchemas.no_forward),
  flag('history_from_now', groupFieldSchemas.history_from_now),
  flag('public', groupFieldSchemas.public, 'is_public'),
] as const;

/** A chat as one of its participants sees it. @param messages the projection of its last message. */
export function chatFields(messages: MessageProjection) {
  return [
    field('id', Id()),
    timeField('created_at', Time('When it was opened.')),
    timeField('updated_at', Time('When the chat itself last changed, not its messages.')),
    field('name', Nullable(Text({ maxLength: MAX_NAME, description: 'The name of a group; null in a private chat.' }))),
    field('type', Ref(ChatType)),
    nestedField(
      'last_message',
      Type.Union([Ref(Message), Type.Null()], { description: 'The newest message; null while there is none.' }),
      messages,
      'm',
      MINE,
    ),
    field('pts', Pts('The number of its last durable change; see `POST /sync`.'), {
      sql: (chat) => `${chat}.last_pts`,
    }),
    ...readFieldsOf('chat'),
    ...settingsFields,
    ...standingFields('chat'),
    ...draftFields,
    nestedField(
      'peer',
      Type.Union([Ref(ShortUser), Type.Null()], {
        description: 'The other person of a private chat; null in a group.',
      }),
      personProjection,
      'peer',
    ),
    field('participant_count', SmallInteger({ description: 'How many people take part.' })),
    field('key', Nullable({ ...ChatKey, description: `${ChatKey.description ?? ''} null: it has none.` })),
    avatarField,
    customField('custom', 'What the owner of the group has attached to it, for its participants to read.'),
    customField('trusted', 'What the host application has attached to the chat, for its participants to read.'),
    ...groupFields,
  ] as const;
}

export const ownProjection = Projection.of(ownFields);
