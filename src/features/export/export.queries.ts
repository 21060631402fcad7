import { Projection, field, timeField, type Database, type ReadModel } from '../../database/index.js';
import { Id, Nullable, Text, Time } from '../../shared/schema.js';
import { versionProjection } from '../message-versions/index.js';
import { muteProjection } from '../mutes/index.js';
import { threadStateProjection } from '../threads/index.js';
import { personProjection, userProjection } from '../users/index.js';

/** A line of the export, as JSON, and where the next slice begins. */
interface Line {
  readonly place: bigint;
  readonly line: string;
}

interface Slice {
  /** Exclusive. */
  readonly after: bigint;
  readonly limit: number;
}

const time = (name: string) => timeField(name, Nullable(Time('When.')));
const id = (name: string) => field(name, Nullable(Id()));
const text = (name: string) => field(name, Nullable(Text()));

const sessionProjection = Projection.of([
  ...[id('id'), text('device'), text('address')],
  ...[time('created_at'), time('last_seen_at'), time('expires_at'), time('ended_at')],
]);
const chatProjection = Projection.of([id('id'), text('type'), text('name'), text('avatar_url'), time('created_at')]);
const membershipProjection = Projection.of([
  ...[text('role'), time('joined_at'), id('last_read_message_id'), id('delivered_message_id')],
  ...[
    time('muted_until'),
    time('pinned_at'),
    time('archived_at'),
    text('private'),
    text('notifications'),
    text('draft'),
  ],
]);
const reminderProjection = Projection.of([id('message_id'), id('chat_id'), time('remind_at')]);
const reactionProjection = Projection.of([id('message_id'), text('emoji'), time('created_at')]);
const pinProjection = Projection.of([id('message_id'), id('chat_id'), time('created_at'), time('until')]);
const voteProjection = Projection.of([id('message_id'), id('option_id'), time('created_at')]);
const reportProjection = Projection.of([
  ...[id('id'), text('kind'), id('target_id'), text('reason'), text('text'), time('created_at'), time('resolved_at')],
]);
const sanctionProjection = Projection.of([
  ...[id('chat_id'), text('kind'), time('until'), text('reason'), time('created_at')],
]);
const scheduledProjection = Projection.of([
  id('id'),
  text('contents'),
  id('reply_to_id'),
  text('inputs'),
  time('send_at'),
  text('state'),
]);
const lastSeen = Projection.of([time('last_seen_at')]);

/** @returns undefined when the user is gone. */
export async function readUserLine(db: Database, userId: number): Promise<string | undefined> {
  const [row] = await db.$queryRawUnsafe<{ line: string }[]>(
    `select json_build_object('type', 'user', 'data', json_build_object(
      ${userProjection.jsonFields('u')}, ${lastSeen.jsonFields('u')},
      'folders', coalesce((select folders from public.chat_folders where user_id = u.id), '[]'),
      'reminders', (
        select coalesce(json_agg(${reminderProjection.json('r')} order by r.remind_at), '[]')
        from public.reminder r where r.user_id = u.id and r.state <> 'ended'
      ),
      'reports', (
        select coalesce(json_agg(${reportProjection.json('r')} order by r.id), '[]')
        from public.report r where r.reporter_id = u.id
      ),
      'sanctions', (
        select coalesce(json_agg(${sanctionProjection.json('s')} order by s.id), '[]')
        from public.chat_sanction s where s.user_id = u.id
      )))::text as line
    from public."user" u where u.id = $1::int8 and u.erased_at is null`,
    userId,
  );
  return row?.line;
}

/** Rows that name the user in `user_id`. */
interface OwnRows {
  readonly table: string;
  /** The column by which they are in an order. */
  readonly place: 'id' | 'me_pts';
  readonly shown: Pick<Projection<object>, 'json'>;
  /** SQL for which of them. Unless it is all. */
  readonly which?: string;
  /** Whether the line names the chat that they are in. */
  readonly isInChat?: boolean;
}

const OWN_ROWS = {
  mute: { table: 'user_mute', place: 'me_pts', shown: muteProjection, which: 'own.muted_at is not null' },
  // Those that have ended included.
  session: { table: 'session', place: 'id', shown: sessionProjection },
  reaction: { table: 'reaction', place: 'id', shown: reactionProjection },
  pin: { table: 'message_pin', place: 'id', shown: pinProjection },
  // The user's own, and nobody else's.
  vote: { table: 'poll_vote', place: 'id', shown: voteProjection },
  // Also what has failed.
  scheduled: {
    ...{ table: 'scheduled_message', place: 'id', shown: scheduledProjection },
    ...{ which: "own.state in ('waiting', 'failed')", isInChat: true },
  },
  thread: { table: 'thread_state', place: 'me_pts', shown: threadStateProjection },
} as const satisfies Record<string, OwnRows>;

export type OwnKind = keyof typeof OWN_ROWS;

/** What there is of a kind that is the user's own. */
export function readOwn(db: Database, kind: OwnKind, userId: number, { after, limit }: Slice): Promise<Line[]> {
  const { table, place, shown, which = 'true', isInChat = false }: OwnRows = OWN_ROWS[kind];
  return db.$queryRawUnsafe(
    `select own.${place} as place,
      json_build_object('type', '${kind}', ${isInChat ? "'chat_id', own.chat_id, " : ''}'data', ${shown.json('own')})::text as line
    from public.${table} own
    where own.user_id = $1::int8 and own.${place} > $2::int8 and ${which} order by own.${place} limit $3::int8`,
    userId,
    after,
    limit,
  );
}

/** The people whom the user blocks now. */
export function readBlocks(db: Database, userId: number, { after, limit }: Slice): Promise<Line[]> {
  return db.$queryRawUnsafe(
    `select block.me_pts as place, json_build_object('type', 'block', 'data', json_build_object(
      'user', ${personProjection.json('other')}, ${Projection.of([time('blocked_at')]).jsonFields('block')}))::text as line
    from (
      select * from public.user_block
      where user_id = $1::int8 and blocked_at is not null and me_pts > $2::int8 order by me_pts limit $3::int8
    ) block
    cross join lateral (select * from public."user" where id = block.blocked_user_id offset 0) other
    order by block.me_pts`,
    userId,
    after,
    limit,
  );
}

/** Each with what it is to the user alone. The place is the id of the chat. */
export function readChats(db: Database, userId: number, { after, limit }: Slice): Promise<Line[]> {
  return db.$queryRawUnsafe(
    `select chat.id as place, json_build_object('type', 'chat', 'chat_id', chat.id, 'data', json_build_object(
      ${chatProjection.jsonFields('chat')}, 'membership', ${membershipProjection.json('mine')}))::text as line
    from (
      select * from public.chat_participant where user_id = $1::int8 and chat_id > $2::int8 order by chat_id limit $3::int8
    ) mine
    cross join lateral (select * from public.chat where id = mine.chat_id offset 0) chat
    order by chat.id`,
    userId,
    after,
    limit,
  );
}

/** The people of a chat, as long as the user takes part in it. The place is that in the order of joining. */
export function readMembers(db: Database, userId: number, chatId: bigint, { after, limit }: Slice): Promise<Line[]> {
  return db.$queryRawUnsafe(
    `select p.joined_order as place,
      json_build_object('type', 'member', 'chat_id', p.chat_id, 'data', ${personProjection.json('other')})::text as line
    from (
      select * from public.chat_participant
      where chat_id = $2::int8 and joined_order > $3::int8
        and exists (select from public.chat_participant mine where mine.chat_id = $2::int8 and mine.user_id = $1::int8)
      order by joined_order limit $4::int8
    ) p
    cross join lateral (select * from public."user" where id = p.user_id offset 0) other
    order by p.joined_order`,
    userId,
    chatId,
    after,
    limit,
  );
}

/**
 * The ids of all messages of the user, eight bytes each: no index has an author's messages in an order, so that slices of them
 * can only be looked up by their ids.
 */
export async function readMessageIds(db: Database, userId: number): Promise<BigInt64Array> {
  const [row] = await db.$queryRaw<[{ ids: Uint8Array | null }]>`
    select string_agg(int8send(id), ''::bytea order by id) as ids from public.message where author_id = ${userId}`;
  const bytes = row.ids ?? new Uint8Array();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return BigInt64Array.from({ length: bytes.byteLength / 8 }, (_, index) => view.getBigInt64(index * 8));
}

/** Of a chat that the user has left they see nothing but what they have written. */
const READER = {
  id: '$1::int8',
  historyFrom: 'case when mine.user_id is null then 9223372036854775807 else mine.history_from_id end',
};

/** Those of the messages that are still the user's, with how they read before. */
export function readMessages(
  db: Database,
  { message }: ReadModel,
  userId: number,
  ids: BigInt64Array,
): Promise<Line[]> {
  return db.$queryRawUnsafe(
    `select m.id as place,
      json_build_object('type', 'message', 'chat_id', m.chat_id, 'data', ${message.json('m', READER)}, 'versions', (
        select coalesce(json_agg(${versionProjection.json('v')} order by v.version), '[]')
        from public.message_version v where v.message_id = m.id
      ))::text as line
    from unnest($2::int8[]) asked (id)
    cross join lateral (select * from public.message where id = asked.id and author_id = $1::int8 offset 0) m
    left join public.chat_participant mine on mine.chat_id = m.chat_id and mine.user_id = $1::int8
    order by m.id`,
    userId,
    [...ids],
  );
}
