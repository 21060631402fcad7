import { claimDue, type Transaction } from '../../database/index.js';
import type { LeftMessages } from './leaving.schemas.js';

/** So long nobody begins: the nodes first tell the people in the user's groups how the profile looks now. */
const FIRST_MS = 2000;

/** Within the transaction that erases the user, before the profile is: what is theirs alone, and queued mails to them. */
export async function removeOwnData(tx: Transaction, userId: number): Promise<void> {
  await tx.$executeRaw`
    delete from public.mail where mail ->> 'to' = (select email from public."user" where id = ${userId})`;
  await tx.$executeRaw`
    delete from public.password_reset_request where email = (select email from public."user" where id = ${userId})`;
  await tx.$executeRaw`delete from public.email_code where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.second_factor where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.user_block where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.user_mute where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.chat_folders where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.reminder where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.scheduled_message where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.mention where whom = ${userId}`;
  await tx.$executeRaw`delete from public.poll_ballot where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.chat_sanction where user_id = ${userId}`;
  await tx.$executeRaw`update public.report set reporter_id = null, text = null where reporter_id = ${userId}`;
  // What is yet to be dealt with stays until it is.
  await tx.$executeRaw`delete from public.report where author_id = ${userId} and state = 'resolved'`;
  await tx.$executeRaw`delete from public.suspension_end where user_id = ${userId}`;
  await tx.$executeRaw`delete from public.thread_state where user_id = ${userId}`;
  // The rows stay: by them a refresh token of one is known to be revoked.
  await tx.$executeRaw`update public.session set device = null, label = null, address = null where user_id = ${userId}`;
}

/** What is yet to be done about an erased user. */
export interface Erasure {
  readonly userId: number;
  readonly messages: LeftMessages;
  /** How long ago it was asked for. */
  readonly ageMs: number;
}

export async function insertErasure(tx: Transaction, userId: number, messages: LeftMessages): Promise<void> {
  await tx.$executeRaw`
    insert into public.erasure (user_id, messages, due_at)
    values (${userId}, ${messages}, now() + ${FIRST_MS}::float8 * interval '1 millisecond')`;
}

/** Takes the one that has waited longest: see claimDue. */
export async function claimErasure(db: Transaction, leaseMs: number): Promise<Erasure | undefined> {
  const [claimed] = await claimDue<{ user_id: bigint; messages: LeftMessages; ageMs: number }>(
    db,
    { table: 'erasure', key: 'user_id' },
    { limit: 1, leaseMs },
    'select user_id, messages, (extract(epoch from now() - created_at) * 1000)::float8 as "ageMs" from claimed',
  );
  return claimed && { userId: Number(claimed.user_id), messages: claimed.messages, ageMs: claimed.ageMs };
}

export async function postponeErasure(db: Transaction, userId: number, delayMs: number): Promise<void> {
  await db.$executeRaw`
    update public.erasure set due_at = now() + ${delayMs}::float8 * interval '1 millisecond' where user_id = ${userId}`;
}

export async function removeErasure(db: Transaction, userId: number): Promise<void> {
  await db.$executeRaw`delete from public.erasure where user_id = ${userId}`;
}

export async function findGroups(db: Transaction, userId: number, limit: number): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    select chat.id from public.chat_participant p
    cross join lateral (select id, type from public.chat where id = p.chat_id offset 0) chat
    where p.user_id = ${userId} and chat.type = 'group' limit ${limit}`;
  return rows.map(({ id }) => Number(id));
}

/** Within a change of the group: what it was called, when nobody is left in it and no program knows it. */
export async function blankEmptyGroup(tx: Transaction, chatId: number): Promise<void> {
  await tx.$executeRaw`
    update public.chat set name = 'Deleted group', avatar_url = null, custom = null
    where id = ${chatId} and participant_count = 0 and key is null`;
}

/** What private chats were to the user alone. @returns how many there were. */
export function blankParticipations(db: Transaction, userId: number, limit: number): Promise<number> {
  return db.$executeRaw`
    update public.chat_participant 
    set private = null, muted_until = null, pinned_at = null, archived_at = null, marked_unread = false, notifications = null,
      draft = null, draft_reply_to_id = null
    where user_id = ${userId} and chat_id = any (array(
      select chat_id from public.chat_participant
      where user_id = ${userId}
        and (private is not null or muted_until is not null or pinned_at is not null or archived_at is not null
          or marked_unread or notifications is not null or draft is not null)
      limit ${limit}
    ))`;
}

export interface LeftMessage {
  readonly id: number;
  readonly chat_id: number;
}

export async function findMessages(db: Transaction, userId: number, limit: number): Promise<LeftMessage[]> {
  const rows = await db.$queryRaw<{ id: bigint; chat_id: bigint }[]>`
    select id, chat_id from public.message where author_id = ${userId} limit ${limit}`;
  return rows.map(({ id, chat_id }) => ({ id: Number(id), chat_id: Number(chat_id) }));
}

/**
 * What chats' logs have of the user: from now on nobody did it. Who joined and left stays, since that is who is in a chat.
 * @param withNames whether what they called groups goes, too: a sync then brings what is so now, as it does after all changes.
 * @returns how many rows there were.
 */
export function blankEvents(
  db: Transaction,
  userId: number,
  { nobodyId, withNames, limit }: { readonly nobodyId: number; readonly withNames: boolean; readonly limit: number },
): Promise<number> {
  return db.$executeRaw`
    update public.chat_event e set
      actor_id = case when e.actor_id = ${userId} then ${nobodyId}::int8 else e.actor_id end,
      only_for = case when e.only_for = ${userId} then ${nobodyId}::int8 else e.only_for end,
      data = case
        when e.type = 'message.deleted' and (e.data ->> 'author_id')::bigint = ${userId}
          then e.data || jsonb_build_object('author_id', ${nobodyId}::int8, 'client_id', null)
        when e.type = 'chat.updated' and ${withNames} then e.data
          || jsonb_build_object('name', chat.name)
          || case when e.data ? 'avatar_url' then jsonb_build_object('avatar_url', chat.avatar_url) else '{}' end
          || case when e.data ? 'custom' then jsonb_build_object('custom', (
              select coalesce(jsonb_object_agg(name, chat.custom -> name), '{}') from jsonb_object_keys(e.data -> 'custom') name
            )) else '{}' end
        else e.data
      end
    from (
      (select chat_id, pts from public.chat_event
      where actor_id = ${userId} and not (type = 'participant.removed' and (data ->> 'user_id')::bigint = ${userId})
      limit ${limit})
      union
      (select chat_id, pts from public.chat_event
      where type = 'message.deleted' and (data ->> 'author_id')::bigint = ${userId} limit ${limit})
    ) found
    cross join lateral (select name, avatar_url, custom from public.chat where id = found.chat_id offset 0) chat
    where e.chat_id = found.chat_id and e.pts = found.pts`;
}
