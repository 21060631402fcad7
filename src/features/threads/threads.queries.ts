import { MINE, isThere, maySee, type MessageRow, type ReadModel, type Transaction } from '../../database/index.js';
import { FIRST, threadStateProjection } from './thread.fields.js';
import type { FollowedThread, OwnThread } from './threads.schemas.js';

/** Beyond this nobody counts. */
const MAX_UNREAD = 1000;
/** The list of threads looks at so many, those of which the user's own state changed last. */
const MAX_LISTED = 1000;

/** SQL for messages of others in a thread after the reader's mark, but for silent ones. @param state the alias of thread_state. */
function unreadIn(rootId: string, userId: string, state: string): string {
  return `
        select from public.thread_reply reply
        cross join lateral (select author_id, silent from public.message where id = reply.message_id offset 0) m
        where reply.root_id = ${rootId} and reply.message_id > coalesce(${state}.last_read_message_id, 0)
          and m.author_id <> ${userId} and m.silent is null`;
}

/** SQL for how many those are; 0 for who does not follow the thread. */
function unreadCount(rootId: string, userId: string, state: string): string {
  return `case when ${state}.following then (
      select count(*)::int from (${unreadIn(rootId, userId, state)} limit ${MAX_UNREAD}) unread
    ) else 0 end`;
}

/** SQL for the messages of a thread that a user sees: in the shadow they have some that nobody else has. */
function repliesFor(rootId: string, userId: string): string {
  return `
        select message_id from public.thread_reply where root_id = ${rootId}
        union all
        select message_id from public.shadow_reply where root_id = ${rootId} and author_id = ${userId}`;
}

/** Whether there is such a message in the chat, and whether it is in a thread itself. */
export async function findRoot(
  tx: Transaction,
  chatId: number,
  messageId: number,
): Promise<{ readonly isInThread: boolean } | undefined> {
  const found = await tx.message.findFirst({
    where: { id: messageId, chat_id: chatId },
    select: { thread_id: true },
  });
  return found ? { isInThread: found.thread_id !== null } : undefined;
}

/** Messages of a thread as the user sees them, who sees the message whose thread it is. */
export async function readReplies(
  db: Transaction,
  { message }: ReadModel,
  userId: number,
  rootId: number,
  page: { readonly cursor: number | undefined; readonly limit: number; readonly order: 'asc' | 'desc' },
): Promise<MessageRow[]> {
  const { cursor, limit, order } = page;
  const rows = await db.$queryRawUnsafe<{ message: MessageRow }[]>(
    `select ${message.json('m', MINE)} as message
    from (
      select message_id from (${repliesFor('$2::int8', '$1::int8')}) seen
      where $3::int8 is null or message_id ${order === 'asc' ? '>' : '<'} $3::int8
      order by message_id ${order} limit $4::int8
    ) reply
    cross join lateral (select * from public.message where id = reply.message_id and ${isThere('message')} offset 0) m
    join public.chat_participant mine on mine.chat_id = m.chat_id and mine.user_id = $1::int8
    order by m.id ${order}`,
    userId,
    rootId,
    cursor ?? null,
    limit,
  );
  return rows.map(({ message: reply }) => reply);
}

/** What a thread is to the user alone. */
export async function readOwnThread(
  db: Transaction,
  userId: number,
  thread: { readonly id: number; readonly chat_id: number },
): Promise<OwnThread> {
  const [row] = await db.$queryRawUnsafe<{ thread: OwnThread }[]>(
    `select json_build_object(${threadStateProjection.jsonFields('state')},
      'unread_count', ${unreadCount('state.root_id', 'state.user_id', 'state')}) as thread
    from public.thread_state state where state.user_id = $1::int8 and state.root_id = $2::int8`,
    userId,
    thread.id,
  );
  const { id: thread_id, chat_id } = thread;
  return row?.thread ?? { thread_id, chat_id, following: false, last_read_message_id: null, unread_count: 0 };
}

/** Threads that the user follows and sees, that with the latest reply first. */
export async function listThreads(
  db: Transaction,
  { message, person }: ReadModel,
  userId: number,
  page: { readonly before: number | undefined; readonly limit: number; readonly unread: boolean },
): Promise<FollowedThread[]> {
  const rows = await db.$queryRawUnsafe<{ thread: FollowedThread }[]>(
    `select json_build_object(${threadStateProjection.jsonFields('state')},
      'unread_count', ${unreadCount('state.root_id', 'state.user_id', 'state')},
      'message', ${message.json('root', MINE)}, 'author', ${person.json('author')}) as thread
    from (
      select latest.*, root.author_id, last_reply_id
      from (
        select * from public.thread_state
        where user_id = $1::int8 and following order by me_pts desc limit ${MAX_LISTED}
      ) latest
      cross join lateral (
        select id, author_id, shadowed, (case when shadow_replies is null then thread else public.thread_shown(thread, id, $1::int8, ${FIRST}) end
          ->> 'last_reply_id')::int8 as last_reply_id
        from public.message
        where id = latest.root_id and (thread is not null or shadow_replies) and ${isThere('message')} offset 0
      ) root
      where last_reply_id < coalesce($2::int8, 9223372036854775807)
        and exists (
          select from public.chat_participant p
          where p.chat_id = latest.chat_id and p.user_id = $1::int8 and ${maySee('p', 'root')}
        )
        and (not $4::bool or exists (${unreadIn('root.id', '$1::int8', 'latest')}))
      order by last_reply_id desc limit $3::int8
    ) state
    cross join lateral (select * from public.message where id = state.root_id offset 0) root
    cross join lateral (select * from public."user" where id = state.author_id offset 0) author
    join public.chat_participant mine on mine.chat_id = state.chat_id and mine.user_id = $1::int8
    order by last_reply_id desc`,
    userId,
    page.before ?? null,
    page.limit,
    page.unread,
  );
  return rows.map(({ thread }) => thread);
}

/** A state as it is stored. */
export interface StoredState {
  readonly following: boolean;
  readonly last_read_message_id: number | null;
}

/** Locks it until the transaction ends. @returns undefined where there is none. */
export async function lockState(tx: Transaction, userId: number, rootId: number): Promise<StoredState | undefined> {
  const [row] = await tx.$queryRaw<{ following: boolean; last_read_message_id: bigint | null }[]>`
    select following, last_read_message_id from public.thread_state
    where user_id = ${userId} and root_id = ${rootId} for no key update`;
  if (!row) return undefined;
  const { following, last_read_message_id: readId } = row;
  return { following, last_read_message_id: readId === null ? null : Number(readId) };
}

/** @returns its id. */
export async function writeState(
  tx: Transaction,
  of: { readonly userId: number; readonly rootId: number; readonly chatId: number },
  { following, last_read_message_id }: StoredState,
  mePts: number,
): Promise<number> {
  const key = { user_id: BigInt(of.userId), root_id: BigInt(of.rootId) };
  const state = { following, last_read_message_id, me_pts: BigInt(mePts) };
  const { id } = await tx.threadState.upsert({
    where: { user_id_root_id: key },
    create: { ...key, chat_id: BigInt(of.chatId), ...state },
    update: state,
    select: { id: true },
  });
  return Number(id);
}

/** The last message of a thread that the user sees; null: there is none. */
export async function findLastReply(tx: Transaction, rootId: number, userId: number): Promise<number | null> {
  const [last] = await tx.$queryRawUnsafe<{ message_id: bigint }[]>(
    `select message_id from (${repliesFor('$1::int8', '$2::int8')}) seen order by message_id desc limit 1`,
    rootId,
    userId,
  );
  return last ? Number(last.message_id) : null;
}
