import { Type } from '@sinclair/typebox';
import { Projection, field, maySee, usuallyNull } from '../../database/index.js';
import { Id, Nullable, Ref, SmallInteger, Time } from '../../shared/schema.js';
import type { MessageInputField } from '../feature.js';

/** So many people are named with a thread. */
export const FIRST = 5;

export const Thread = Type.Object(
  {
    reply_count: SmallInteger({ minimum: 1, description: 'How many messages are in the thread.' }),
    last_reply_id: Id('The last of them.'),
    last_reply_at: Time('When that was sent.'),
    participants: Type.Array(Id(), { description: `The first ${FIRST} people who wrote there, in their order.` }),
  },
  {
    $id: 'Thread',
    description: 'What a message shows of its thread.',
    examples: [{ reply_count: 2, last_reply_id: 11, last_reply_at: '2026-11-23T09:15:00.000Z', participants: [7, 5] }],
  },
);

const threadId = Id('The message whose thread it is in. That message may be gone.');

export const threadFields = [
  field('thread_id', threadId, { optional: true, usual: usuallyNull('thread_id') }),
  field('thread', Ref(Thread), {
    optional: true,
    usual: { sql: (message) => `${message}.thread is null and ${message}.shadow_replies is null`, value: null },
    // Replies of the shadow count for their author alone.
    sql: (message, reader) =>
      reader
        ? `case when ${message}.shadow_replies is null then ${message}.thread else public.thread_shown(${message}.thread, ${message}.id, ${reader.id}, ${FIRST}) end`
        : `${message}.thread`,
    varies: (message) => `${message}.shadow_replies is not null`,
  }),
] as const;

export const threadInput: MessageInputField = {
  name: 'thread_id',
  type: 'int8',
  schema: Id('The message of this chat in whose thread it is sent. That message is in no thread itself.'),
  refusal: (draft, mine) => `case when ${draft}.thread_id is not null then (
          select case when count(*) = 0 then 'no thread' when count(root.thread_id) > 0 then 'thread in a thread' end
          from public.message root
          where root.id = ${draft}.thread_id and root.chat_id = ${draft}.chat_id and ${maySee(mine, 'root')}
        ) end`,
};

/** What a thread is to one user alone. */
export const threadStateFields = [
  field('thread_id', Id('The message whose thread it is.'), { sql: (state) => `${state}.root_id` }),
  field('chat_id', Id('The chat of the thread.')),
  field('following', Type.Boolean({ description: 'Whether the user follows it.' })),
  field('last_read_message_id', Nullable(Id('The message of the thread up to which the user has read; null: none.'))),
] as const;

export const threadStateProjection = Projection.of(threadStateFields);
