import { isThere, maySee, utcJson, type MessageRow, type ReadModel, type Transaction } from '../../database/index.js';
import type { Count } from './reaction-counts.js';
import { FIRST } from './reaction.fields.js';

/** Somebody's emoji at a message. */
export interface Mark {
  readonly messageId: number;
  readonly userId: number;
  readonly emoji: string;
}

/** A message to which people react. */
export interface ReactedMessage {
  readonly id: number;
  readonly pts: number;
  readonly counts: readonly Count[];
}

/** The same for who reacts. */
export interface FoundMessage extends ReactedMessage {
  /** Whether a moderator keeps them from reacting, and until when. */
  readonly restriction: { readonly until: string | null } | null;
}

const columns = (marks: readonly Mark[]) => [
  marks.map(({ messageId }) => messageId),
  marks.map(({ userId }) => userId),
  marks.map(({ emoji }) => emoji),
];

/** What is found for marks, by their numbers, from 1. */
interface Found {
  readonly messages: readonly ReactedMessage[];
  readonly seen: readonly (readonly [n: number, messageId: number])[];
  readonly restricted: readonly (readonly [n: number, until: string | null])[];
}

/**
 * One row, because a row for each of hundreds takes the client longer than PostgreSQL.
 * @returns for each mark its message, when it is in that chat, and its user may see it there.
 */
export async function findReacted(
  tx: Transaction,
  chatId: number,
  marks: readonly Mark[],
  by: 'participants' | 'server',
): Promise<(FoundMessage | undefined)[]> {
  const mayReact = `exists (
    select from public.chat_participant p join public."user" on "user".id = p.user_id
    where p.chat_id = $3::int8 and p.user_id = asked.user_id and "user".erased_at is null and ${maySee('p', 'm')} and ${isThere('m')}
  )`;
  const [row] = await tx.$queryRawUnsafe<[{ found: Found }]>(
    `with seen as materialized (
      select asked.n, asked.user_id, m.id, m.pts, m.reactions
      from unnest($1::int8[], $2::int8[]) with ordinality asked (message_id, user_id, n)
      join public.message m on m.id = asked.message_id and m.chat_id = $3::int8
      ${by === 'participants' ? `where ${mayReact}` : ''}
    )
    select json_build_object(
      'messages', (
        select coalesce(json_agg(json_build_object('id', id, 'pts', pts, 'counts', coalesce(reactions, '[]'))), '[]')
        from (select distinct on (id) id, pts, reactions from seen) message
      ),
      'seen', (select coalesce(json_agg(json_build_array(n, id)), '[]') from seen),
      'restricted', (
        select coalesce(json_agg(json_build_array(seen.n, ${utcJson('s.until')})), '[]')
        from seen
        join public.chat_sanction s on s.chat_id = $3::int8 and s.user_id = seen.user_id and s.kind = 'restriction'
      )
    ) as found`,
    ...columns(marks).slice(0, 2),
    chatId,
  );
  const messages = new Map(row.found.messages.map((message) => [message.id, message]));
  const restricted = new Map(row.found.restricted);
  const found = new Map<number, FoundMessage>();
  for (const [n, id] of row.found.seen) {
    const message = messages.get(id);
    const until = restricted.get(n);
    if (message) found.set(n, { ...message, restriction: until === undefined ? null : { until } });
  }
  return marks.map((_mark, index) => found.get(index + 1));
}

/** Whether all of these messages have the numbers that they had. */
export async function haveVersions(
  tx: Transaction,
  messages: readonly (ReactedMessage | undefined)[],
): Promise<boolean> {
  const versions = new Map(messages.flatMap((message) => (message ? [[message.id, message.pts] as const] : [])));
  const [row] = await tx.$queryRawUnsafe<[{ count: number }]>(
    `select count(*)::int as count from unnest($1::int8[], $2::int8[]) asked (id, pts)
    join public.message m on m.id = asked.id and m.pts = asked.pts`,
    [...versions.keys()],
    [...versions.values()],
  );
  return row.count === versions.size;
}

/** All emojis of the users at the messages of the marks, in the order in which they reacted: one row, as above. */
export async function findMarks(tx: Transaction, marks: readonly Mark[]): Promise<Mark[]> {
  const [row] = await tx.$queryRawUnsafe<[{ found: Mark[] }]>(
    `select coalesce(
      json_agg(json_build_object('messageId', message_id, 'userId', user_id, 'emoji', emoji) order by id), '[]'
    ) as found
    from (select distinct * from unnest($1::int8[], $2::int8[]) each (message_id, user_id)) asked
    cross join lateral (
      select id, emoji from public.reaction where message_id = asked.message_id and user_id = asked.user_id offset 0
    ) reaction`,
    ...columns(marks).slice(0, 2),
  );
  return row.found;
}

/** Who has reacted first with an emoji. @param leaving users who are left out. */
export async function findFirst(
  tx: Transaction,
  messageId: number,
  emoji: string,
  leaving: readonly number[],
): Promise<number[]> {
  const rows = await tx.reaction.findMany({
    where: { message_id: messageId, emoji, user_id: { notIn: leaving.map(BigInt) } },
    orderBy: { id: 'asc' },
    take: FIRST,
    select: { user_id: true },
  });
  return rows.map(({ user_id }) => Number(user_id));
}

/** One that is there after all has been added by a node of an older version: then the message has another number, too, and all is done again. */
export async function addMarks(tx: Transaction, marks: readonly Mark[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.$executeRawUnsafe(
    `insert into public.reaction (message_id, user_id, emoji)
    select message_id, user_id, emoji
    from unnest($1::int8[], $2::int8[], $3::text[]) with ordinality mark (message_id, user_id, emoji, n)
    order by n
    on conflict do nothing`,
    ...columns(marks),
  );
}

export async function removeMarks(tx: Transaction, marks: readonly Mark[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.$executeRawUnsafe(
    `delete from public.reaction r using unnest($1::int8[], $2::int8[], $3::text[]) mark (message_id, user_id, emoji)
    where r.message_id = mark.message_id and r.user_id = mark.user_id and r.emoji = mark.emoji`,
    ...columns(marks),
  );
}

/** One statement, because the chat is locked meanwhile. @returns the messages as they are then, for everybody, in the order of their numbers. */
export async function keepCounts(
  tx: Transaction,
  { message }: ReadModel,
  reacted: readonly ReactedMessage[],
): Promise<MessageRow[]> {
  if (reacted.length === 0) return [];
  const [row] = await tx.$queryRawUnsafe<[{ messages: MessageRow[] }]>(
    `with changed as (
      update public.message m set reactions = nullif(asked.counts, '[]')::jsonb, pts = asked.pts
      from unnest($1::int8[], $2::int8[], $3::text[]) asked (id, pts, counts)
      where m.id = asked.id
      returning m.pts, ${message.json('m')} as message
    )
    select json_agg(message order by pts) as messages from changed`,
    reacted.map(({ id }) => id),
    reacted.map(({ pts }) => pts),
    reacted.map(({ counts }) => JSON.stringify(counts)),
  );
  return row.messages;
}

/** A reaction as a list has it. */
export interface ListedReaction {
  readonly id: bigint;
  readonly user: object;
  readonly emoji: string;
  readonly created_at: Date;
}

export function listReactions(
  db: Transaction,
  { person }: ReadModel,
  messageId: number,
  page: { readonly emoji: string | undefined; readonly after: number; readonly limit: number },
): Promise<ListedReaction[]> {
  return db.$queryRawUnsafe(
    `select r.id, ${person.json('author')} as "user", r.emoji, r.created_at
    from (
      select * from public.reaction
      where message_id = $1::int8 and ($2::text is null or emoji = $2) and id > $3::int8
      order by id limit $4::int8
    ) r
    cross join lateral (select * from public."user" where id = r.user_id offset 0) author
    order by r.id`,
    messageId,
    page.emoji ?? null,
    page.after,
    page.limit,
  );
}

/** Messages to which the user has reacted, with the chat of each. */
export async function findReactedBy(db: Transaction, userId: number, limit: number) {
  const rows = await db.reaction.findMany({
    where: { user_id: userId },
    take: limit,
    select: { message_id: true, emoji: true, message: { select: { chat_id: true } } },
  });
  return rows.map(({ message_id, emoji, message }) => ({
    messageId: Number(message_id),
    chatId: Number(message.chat_id),
    emoji,
  }));
}
