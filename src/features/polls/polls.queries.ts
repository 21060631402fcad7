import {
  MINE,
  isThere,
  maySee,
  claimDue,
  type MessageRow,
  type ReadModel,
  type Transaction,
} from '../../database/index.js';
import { FIRST, pollField, type Poll } from './poll.fields.js';
import type { SeenPoll } from './polls.schemas.js';

/** A poll as it is kept, with its results. */
export interface KeptPoll {
  readonly id: number;
  readonly pts: number;
  readonly poll: Poll;
  /** It is closed, or its time has come and it is about to be. */
  readonly isClosed: boolean;
}

interface KeptPollRow {
  readonly id: bigint;
  readonly pts: bigint;
  readonly poll: Poll;
  readonly is_closed: boolean;
}

const KEPT = `m.id, m.pts, m.poll,
      m.poll ->> 'closed_at' is not null or coalesce((m.poll ->> 'closes_at')::timestamptz <= clock_timestamp(), false) as is_closed`;

function keptPoll({ id, pts, poll, is_closed }: KeptPollRow): KeptPoll {
  return { id: Number(id), pts: Number(pts), poll, isClosed: is_closed };
}

/** Who is to vote, and where. */
export interface Voting {
  readonly messageId: number;
  readonly userId: number;
}

const columns = (asked: readonly Voting[]) => [
  asked.map(({ messageId }) => messageId),
  asked.map(({ userId }) => userId),
];

/** @returns for each its poll, when it is in that chat, and its user may see it there. */
export async function findPolls(
  tx: Transaction,
  chatId: number,
  asked: readonly Voting[],
): Promise<(KeptPoll | undefined)[]> {
  const rows = await tx.$queryRawUnsafe<(KeptPollRow & { n: bigint })[]>(
    `select asked.n, ${KEPT}
    from unnest($1::int8[], $2::int8[]) with ordinality asked (message_id, user_id, n)
    join public.message m on m.id = asked.message_id and m.chat_id = $3::int8 and m.poll is not null and ${isThere('m')}
    join public.chat_participant p on p.chat_id = $3::int8 and p.user_id = asked.user_id and ${maySee('p', 'm')}
    join public."user" on "user".id = p.user_id and "user".erased_at is null`,
    ...columns(asked),
    chatId,
  );
  const found = new Map(rows.map((row) => [Number(row.n), keptPoll(row)]));
  return asked.map((_voting, index) => found.get(index + 1));
}

/** As it is, whether one sees it or not. @returns undefined when there is none. */
export async function findPoll(tx: Transaction, messageId: number): Promise<KeptPoll | undefined> {
  const [row] = await tx.$queryRawUnsafe<KeptPollRow[]>(
    `select ${KEPT} from public.message m where m.id = $1::int8 and m.poll is not null`,
    messageId,
  );
  return row && keptPoll(row);
}

/** The polls as their users see them, and how they have voted. @returns undefined where one sees none. */
export async function readSeenPolls(db: Transaction, asked: readonly Voting[]): Promise<(SeenPoll | undefined)[]> {
  if (asked.length === 0) return [];
  // One row, because a row for each of hundreds takes the client longer than PostgreSQL.
  const [row] = await db.$queryRawUnsafe<[{ seen: (readonly [n: number, seen: SeenPoll])[] }]>(
    `select coalesce(json_agg(json_build_array(asked.n, json_build_object(
      'id', m.id, 'version', m.pts, 'poll', ${pollField.sql('m', MINE)}, 'option_ids', coalesce(ballot.option_ids, '{}')
    ))), '[]') as seen
    from unnest($1::int8[], $2::int8[]) with ordinality asked (message_id, user_id, n)
    join public.message m on m.id = asked.message_id and m.poll is not null and ${isThere('m')}
    join public.chat_participant mine on mine.chat_id = m.chat_id and mine.user_id = asked.user_id and ${maySee('mine', 'm')}
    left join public.poll_ballot ballot on ballot.user_id = asked.user_id and ballot.message_id = m.id`,
    ...columns(asked),
  );
  const seen = new Map(row.seen);
  return asked.map((_voting, index) => seen.get(index + 1));
}

/** What a user has chosen in a poll. */
export interface Ballot extends Voting {
  readonly optionIds: readonly number[];
}

/** What those have chosen until now. */
export async function findBallots(tx: Transaction, asked: readonly Voting[]): Promise<Ballot[]> {
  const rows = await tx.$queryRawUnsafe<{ message_id: bigint; user_id: bigint; option_ids: number[] }[]>(
    `select message_id, user_id, option_ids
    from (select distinct * from unnest($1::int8[], $2::int8[]) each (message_id, user_id)) asked
    cross join lateral (
      select option_ids from public.poll_ballot where message_id = asked.message_id and user_id = asked.user_id offset 0
    ) ballot`,
    ...columns(asked),
  );
  return rows.map(({ message_id, user_id, option_ids }) => {
    return { messageId: Number(message_id), userId: Number(user_id), optionIds: option_ids };
  });
}

/** A ballot with its number in the log of its user. */
export interface TakenBallot extends Ballot {
  readonly mePts: number;
}

export async function writeBallots(tx: Transaction, chatId: number, ballots: readonly TakenBallot[]): Promise<void> {
  if (ballots.length === 0) return;
  await tx.$executeRaw`
    insert into public.poll_ballot (user_id, message_id, chat_id, option_ids, me_pts)
    select user_id, message_id, ${chatId}, option_ids, me_pts
    from json_to_recordset(${JSON.stringify(
      ballots.map(({ userId, messageId, optionIds, mePts }) => ({
        ...{ user_id: userId, message_id: messageId, option_ids: optionIds, me_pts: mePts },
      })),
    )}::json) as ballot (user_id int8, message_id int8, option_ids int4[], me_pts int8)
    on conflict (user_id, message_id) do update set option_ids = excluded.option_ids, me_pts = excluded.me_pts`;
}

/** A vote of somebody for an option. */
export interface Mark extends Voting {
  readonly optionId: number;
}

const markColumns = (marks: readonly Mark[]) => [...columns(marks), marks.map(({ optionId }) => optionId)];

export async function addMarks(tx: Transaction, marks: readonly Mark[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.$executeRawUnsafe(
    `insert into public.poll_vote (message_id, user_id, option_id)
    select message_id, user_id, option_id
    from unnest($1::int8[], $2::int8[], $3::int4[]) with ordinality mark (message_id, user_id, option_id, n)
    order by n`,
    ...markColumns(marks),
  );
}

export async function removeMarks(tx: Transaction, marks: readonly Mark[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.$executeRawUnsafe(
    `delete from public.poll_vote v
    using unnest($1::int8[], $2::int8[], $3::int4[]) mark (message_id, user_id, option_id)
    where v.message_id = mark.message_id and v.user_id = mark.user_id and v.option_id = mark.option_id`,
    ...markColumns(marks),
  );
}

/** Who has voted first for an option. */
export async function findFirst(tx: Transaction, messageId: number, optionId: number): Promise<number[]> {
  const rows = await tx.pollVote.findMany({
    where: { message_id: messageId, option_id: optionId, user_id: { not: null } },
    orderBy: { id: 'asc' },
    take: FIRST,
    select: { user_id: true },
  });
  return rows.map(({ user_id }) => Number(user_id));
}

/**
 * Keeps the poll with the message.
 * @param pts the number of the change; undefined: nobody sees that anything has changed.
 * @returns the message as it is then, for everybody.
 */
export async function keepPoll(
  tx: Transaction,
  { message }: ReadModel,
  messageId: number,
  poll: Poll,
  pts: number | undefined,
): Promise<MessageRow> {
  const [row] = await tx.$queryRawUnsafe<[{ message: MessageRow }]>(
    `update public.message m set poll = $2::jsonb, pts = coalesce($3::int8, pts) where id = $1::int8
    returning ${message.json('m')} as message`,
    messageId,
    JSON.stringify(poll),
    pts ?? null,
  );
  return row.message;
}

export async function removeEnd(tx: Transaction, messageId: number): Promise<void> {
  await tx.pollEnd.deleteMany({ where: { message_id: messageId } });
}

/** A poll whose time has come. */
export interface DuePoll {
  readonly messageId: number;
  readonly chatId: number;
  readonly authorId: number;
}

/** Takes some whose time has come: see claimDue. */
export async function claimPolls(db: Transaction, limit: number, leaseMs: number): Promise<DuePoll[]> {
  const rows = await claimDue<{ id: bigint; chat_id: bigint; author_id: bigint }>(
    db,
    { table: 'poll_end', key: 'message_id' },
    { limit, leaseMs },
    `select m.id, m.chat_id, m.author_id
    from claimed
    cross join lateral (select id, chat_id, author_id from public.message where id = claimed.message_id offset 0) m`,
  );
  return rows.map(({ id, chat_id, author_id }) => {
    return { messageId: Number(id), chatId: Number(chat_id), authorId: Number(author_id) };
  });
}

/** Somebody in the list of those who have voted. */
export interface ListedVoter {
  readonly id: bigint;
  readonly user: object;
  readonly created_at: Date;
}

export function listVoters(
  db: Transaction,
  { person }: ReadModel,
  { messageId, optionId }: Omit<Mark, 'userId'>,
  page: { readonly after: number; readonly limit: number },
): Promise<ListedVoter[]> {
  return db.$queryRawUnsafe(
    `select v.id, ${person.json('voter')} as "user", v.created_at
    from (
      select * from public.poll_vote
      where message_id = $1::int8 and option_id = $2::int4 and id > $3::int8 and user_id is not null
      order by id limit $4::int8
    ) v
    cross join lateral (select * from public."user" where id = v.user_id offset 0) voter
    order by v.id`,
    messageId,
    optionId,
    page.after,
    page.limit,
  );
}

/** Messages in whose polls the user has voted, with the chat of each. */
export async function findVotedBy(
  db: Transaction,
  userId: number,
  limit: number,
): Promise<{ readonly messageId: number; readonly chatId: number }[]> {
  const rows = await db.$queryRaw<{ id: bigint; chat_id: bigint }[]>`
    select distinct m.id, m.chat_id
    from (select message_id from public.poll_vote where user_id = ${userId} limit ${limit}) voted
    join public.message m on m.id = voted.message_id`;
  return rows.map(({ id, chat_id }) => ({ messageId: Number(id), chatId: Number(chat_id) }));
}

/** The votes stay, and are of nobody. @returns for which options they were. */
export async function forgetVoter(tx: Transaction, messageId: number, userId: number): Promise<number[]> {
  const rows = await tx.$queryRaw<{ option_id: number }[]>`
    update public.poll_vote set user_id = null where message_id = ${messageId} and user_id = ${userId} returning option_id`;
  return rows.map(({ option_id }) => option_id);
}
