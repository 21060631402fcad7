import pg from 'pg';
import { OWN_LOG } from '../../client/journal.js';
import { groupBy } from '../group-by.js';
import type {
  DatabaseChat,
  DatabaseEvent,
  DatabaseMessage,
  DatabaseOwnState,
  DatabasePoll,
  DatabaseState,
} from './database.js';
import { readDeeds } from './read-deeds.js';

interface ChatRow {
  readonly id: string;
  readonly name: string | null;
  readonly last_pts: string;
}

interface ParticipantRow {
  readonly chat_id: string;
  readonly user_id: string;
  readonly pts: string;
  readonly committed_at: string;
  readonly muted_until: Date | null;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly marked_unread: boolean;
  readonly notifications: string | null;
  readonly last_read_message_id: string | null;
  readonly draft: string | null;
  readonly draft_reply_to_id: string | null;
  readonly draft_revision: string;
  readonly delivered_message_id: string | null;
}

interface LogRow {
  readonly user_id: string;
  readonly me_pts: string;
}

interface MessageRow {
  readonly id: string;
  readonly chat_id: string;
  readonly author_id: string;
  readonly client_id: string | null;
  readonly contents: string;
  readonly pts: string;
  readonly created_at: Date;
  readonly committed_at: string;
  readonly is_copy: boolean;
  readonly thread_id: string | null;
  readonly poll: DatabasePoll | null;
  readonly is_pinned: boolean;
  readonly expires_at: Date | null;
}

interface EventRow {
  readonly chat_id: string;
  readonly pts: string;
  readonly committed_at: string;
  readonly type: string;
  readonly data: {
    readonly id?: number;
    readonly client_id?: string | null;
    readonly user_ids?: readonly number[];
    readonly user_id?: number;
  };
}

/** SQL for when a row became what it is, in ms since 1970, not rounded up: nobody knows of it before. */
const COMMITTED_AT = 'floor(extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::int8';

/**
 * Everything in the database at one instant.
 * @param committedAt SQL, for a PostgreSQL that does not track when something was committed.
 */
export async function readDatabase(url: string, committedAt = COMMITTED_AT): Promise<DatabaseState> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const read = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
    const chats = await read<ChatRow>('select id, name, last_pts from chat order by id');
    const participants = await read<ParticipantRow>(
      `select chat_id, user_id, greatest(read_me_pts, settings_me_pts, draft_me_pts) as pts, ${committedAt} as committed_at,
        muted_until, pinned_at is not null as pinned, archived_at is not null as archived, last_read_message_id,
        marked_unread, notifications, draft, draft_reply_to_id, draft_me_pts as draft_revision, delivered_message_id
      from chat_participant order by pts`,
    );
    const logs = await read<LogRow>('select user_id, me_pts from user_log');
    const messages = await read<MessageRow>(
      `select id, chat_id, author_id, client_id, contents, pts, created_at, ${committedAt} as committed_at,
        forwarded is not null as is_copy, thread_id, poll, pinned is not null as is_pinned, expires_at
      from message order by id`,
    );
    const events = await read<EventRow>(
      `select chat_id, pts, ${committedAt} as committed_at, type, data from chat_event order by pts`,
    );
    const deeds = await readDeeds(client);
    const [participantsOf, messagesOf, eventsOf] = [byChat(participants), byChat(messages), byChat(events)];
    const statesOf = groupBy(participants, ({ user_id }) => user_id);
    return {
      chats: chats.map(({ id, name, last_pts }): DatabaseChat => {
        return {
          id: Number(id),
          name,
          lastPts: Number(last_pts),
          participants: (participantsOf.get(id) ?? []).map(({ user_id }) => Number(user_id)),
          messages: (messagesOf.get(id) ?? []).map(toMessage),
          events: (eventsOf.get(id) ?? []).map(toEvent),
        };
      }),
      ...deeds,
      ownLogs: new Map(
        logs.map(({ user_id, me_pts }) => {
          const states = (statesOf.get(user_id) ?? []).map(toOwnState);
          return [Number(user_id), { mePts: Number(me_pts), states }];
        }),
      ),
    };
  } finally {
    await client.end();
  }
}

/** How much is to be done when its time comes, which has come, or will in a moment. */
export async function countDue(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ due: string }>(
      `select (select count(*) from message_expiry)
        + (select count(*) from scheduled_message where state = 'waiting' and due_at < now() + interval '1 second') as due`,
    );
    return Number(rows[0]?.due);
  } finally {
    await client.end();
  }
}

/** Where each user's device has to arrive: the last number of each of their chats, and of their own log. */
export type Targets = ReadonlyMap<number, ReadonlyMap<number, number>>;

export async function readTargets(url: string): Promise<Targets> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ user_id: string; chat_id: string; last_pts: string }>(
      `select user_id, chat_id, last_pts from chat_participant join chat on chat.id = chat_id
      union all select user_id, ${OWN_LOG}, me_pts from user_log`,
    );
    const targets = new Map<number, Map<number, number>>();
    for (const { user_id, chat_id, last_pts } of rows) {
      const chats = targets.get(Number(user_id)) ?? new Map<number, number>();
      targets.set(Number(user_id), chats.set(Number(chat_id), Number(last_pts)));
    }
    return targets;
  } finally {
    await client.end();
  }
}

function byChat<Row extends { readonly chat_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return groupBy(rows, ({ chat_id }) => chat_id);
}

function toMessage(row: MessageRow): DatabaseMessage {
  const { id, author_id, client_id, contents, pts, created_at, committed_at } = row;
  return {
    id: Number(id),
    authorId: Number(author_id),
    clientId: client_id,
    contents,
    pts: Number(pts),
    createdAt: created_at.getTime(),
    committedAt: Number(committed_at),
    isCopy: row.is_copy,
    threadId: row.thread_id === null ? undefined : Number(row.thread_id),
    poll: row.poll ?? undefined,
    isPinned: row.is_pinned,
    expiresAt: row.expires_at?.getTime(),
  };
}

function toOwnState(row: ParticipantRow): DatabaseOwnState {
  const { chat_id, pts, committed_at, muted_until, pinned, archived, last_read_message_id } = row;
  const { marked_unread, notifications, draft, draft_reply_to_id, draft_revision } = row;
  return {
    chatId: Number(chat_id),
    pts: Number(pts),
    committedAt: Number(committed_at),
    deliveredId: row.delivered_message_id === null ? null : Number(row.delivered_message_id),
    own: {
      muted_until: muted_until?.toISOString() ?? null,
      pinned,
      archived,
      last_read_message_id: last_read_message_id === null ? null : Number(last_read_message_id),
      marked_unread,
      notifications: notifications ?? 'default',
      draft,
      draft_reply_to_id: draft_reply_to_id === null ? null : Number(draft_reply_to_id),
      draft_revision: Number(draft_revision),
    },
  };
}

function toEvent({ pts, committed_at, type, data }: EventRow): DatabaseEvent {
  const event = { pts: Number(pts), committedAt: Number(committed_at) };
  switch (type) {
    case 'message.deleted':
      return { ...event, kind: type, messageId: data.id!, clientId: data.client_id ?? null };
    case 'participant.added':
      return { ...event, kind: type, userIds: data.user_ids! };
    case 'participant.removed':
      return { ...event, kind: type, userId: data.user_id! };
    default:
      return { ...event, kind: 'other', type };
  }
}
