import { Type } from '@sinclair/typebox';
import {
  MINE,
  Projection,
  field,
  nestedField,
  timeField,
  unreadCount,
  type MessageProjection,
} from '../../database/index.js';
import { Id, Nullable, Position, Pts, Ref, SmallInteger, Text, Time } from '../../shared/schema.js';
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
export const settingsFields = [
  timeField('muted_until', Nullable(Time('Until when the user wants no notifications of it; null: they want them.')), {
    sql: () => 'mine.muted_until',
  }),
  field('pinned', Type.Boolean({ description: 'Whether the user has pinned it.' }), {
    sql: () => 'mine.pinned_at is not null',
  }),
  field('archived', Type.Boolean({ description: 'Whether the user has archived it.' }), {
    sql: () => 'mine.archived_at is not null',
  }),
  customField('private', 'What only the user reads and writes.', 'mine'),
  field('notifications', Ref(ChatNotifications), { sql: () => "coalesce(mine.notifications, 'default')" }),
] as const;

/** How far the user has read. */
export const readFields = [
  field('last_read_message_id', Nullable(Id('The last message that the user has marked as read.')), {
    sql: () => 'mine.last_read_message_id',
  }),
  field('unread_count', SmallInteger({ description: 'Messages of others after that one, 1000 at the most.' }), {
    sql: () => unreadCount('mine.chat_id', 'mine.user_id', 'mine.last_read_message_id'),
  }),
  field(
    'marked_unread',
    Type.Boolean({ description: 'Whether the user has marked it as unread, since they last read or wrote there.' }),
    {
      sql: () => 'mine.marked_unread',
    },
  ),
] as const;

/** What the user has begun to write. */
export const draftFields = [
  field(
    'draft',
    Nullable(Text({ maxLength: MAX_DRAFT, description: 'What the user has begun to write; null: nothing.' })),
    {
      sql: () => 'mine.draft',
    },
  ),
  field('draft_reply_to_id', Nullable(Id('The message that the draft answers; null: none.')), {
    sql: () => 'mine.draft_reply_to_id',
  }),
  field('draft_revision', Position('Ascends with each change of the draft; 0: there never was one.'), {
    sql: () => 'mine.draft_me_pts',
  }),
] as const;

/** Those fields of a chat that are the participant's own. */
export const ownFields = [...readFields, ...settingsFields, ...draftFields] as const;

const chatId = field('chat_id', Id(), { sql: () => 'mine.chat_id' });

export const settingsProjection = Projection.of([chatId, ...settingsFields]);
export const readProjection = Projection.of([chatId, ...readFields]);
export const draftProjection = Projection.of([chatId, ...draftFields]);

/** SQL for some fields of the participation, which is called mine, as JSON. */
export function participationJson(projection: Projection<object>, userId: string, chatId: string): string {
  return `(
        select ${projection.json('mine')} from public.chat_participant mine
        where mine.chat_id = ${chatId} and mine.user_id = ${userId}
      )`;
}

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
    ...ownFields,
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
  ] as const;
}

export const ownProjection = Projection.of(ownFields);
