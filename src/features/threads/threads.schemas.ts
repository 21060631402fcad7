import { Type, type Static } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { Id, Nullable, Ref, SmallInteger, WithDefault } from '../../shared/schema.js';
import { EXAMPLE_MESSAGE, Message, MessagePage } from '../messages/index.js';
import { ADA, ShortUser } from '../users/index.js';
import { threadStateFields } from './thread.fields.js';

const EXAMPLE_STATE = { thread_id: 8, chat_id: 6, following: true, last_read_message_id: 11 };

export const ThreadState = Type.Object(propertiesOf(threadStateFields), {
  $id: 'ThreadState',
  description: 'What a thread is to the user alone.',
  examples: [EXAMPLE_STATE],
});
export type ThreadState = Static<typeof ThreadState>;

const unreadCount = SmallInteger({
  description:
    'How many messages of others in the thread the user has not read, up to 1,000; 0 when the user does not follow it.',
});

export const OwnThread = Type.Object(
  { ...propertiesOf(threadStateFields), unread_count: unreadCount },
  {
    $id: 'OwnThread',
    description: 'What a thread is to the user alone, and how much of it is unread.',
    examples: [{ ...EXAMPLE_STATE, unread_count: 0 }],
  },
);
export type OwnThread = Static<typeof OwnThread>;

const EXAMPLE_REPLY = { ...EXAMPLE_MESSAGE, id: 11, thread_id: 8, version: 45 };

export const ThreadPage = Type.Object(
  { ...OwnThread.properties, ...MessagePage.properties },
  {
    $id: 'ThreadPage',
    description: 'Some messages of a thread, one after the other, and what the thread is to the user.',
    examples: [
      {
        ...{ ...EXAMPLE_STATE, unread_count: 0 },
        ...{ next: null, has_more: false, count: 1, authors: [ADA], messages: [EXAMPLE_REPLY] },
      },
    ],
  },
);
export type ThreadPage = Static<typeof ThreadPage>;

export const FollowedThread = Type.Object(
  {
    ...OwnThread.properties,
    message: Ref(Message),
    author: Ref(ShortUser),
  },
  {
    $id: 'FollowedThread',
    description: 'A thread that the user follows, with the message whose thread it is.',
    examples: [
      {
        ...{ ...EXAMPLE_STATE, unread_count: 0, author: ADA },
        message: {
          ...EXAMPLE_MESSAGE,
          thread: {
            reply_count: 2,
            last_reply_id: 11,
            last_reply_at: '2026-11-23T09:15:00.000Z',
            participants: [7, 5],
          },
        },
      },
    ],
  },
);
export type FollowedThread = Static<typeof FollowedThread>;

export const ThreadListQuery = Type.Object({
  cursor: Type.Optional(Id('Exclusive: the `next` of the page before.', { examples: [11] })),
  limit: WithDefault(
    SmallInteger({
      minimum: 1,
      maximum: 50,
      default: 20,
      description: 'How many threads, at the most.',
      examples: [20],
    }),
  ),
  unread: Type.Optional(Type.Boolean({ description: 'true: only threads with unread messages.', examples: [true] })),
});
export type ThreadListQuery = Static<typeof ThreadListQuery>;

export const ThreadList = Type.Object(
  {
    next: Nullable(Id('The `cursor` of the next page; null when this is the last one.')),
    has_more: Type.Boolean({ description: 'Whether there are threads after this page.' }),
    count: SmallInteger({ description: 'How many threads are on this page.' }),
    threads: Type.Array(Ref(FollowedThread)),
  },
  {
    $id: 'ThreadList',
    description: 'Some threads that the user follows, that with the latest reply first.',
    examples: [{ next: null, has_more: false, count: 0, threads: [] }],
  },
);
export type ThreadList = Static<typeof ThreadList>;
