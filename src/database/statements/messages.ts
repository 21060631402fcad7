import type { Projection } from '../projection.js';
import { isThere, maySee } from './chats.js';
import type { PersonProjection, PersonRow } from './users.js';
import { mayWriteIn } from './private-writing.js';
import { sendRules } from './rights.js';
import { idList, list, type ListType, type Statement } from './statement.js';

/** A message as the API shows it: what its projection has, of which the statements look at no more than this. */
export interface MessageRow {
  readonly id: number;
  readonly author_id: number;
  /** The message that it answers, of which it shows something. */
  readonly reply_to?: { readonly id: number };
}

/** SQL for the oldest message of which a message shows something: itself, or one that it answers. */
function oldestShown(message: string): string {
  return `least(${message}.id, ${message}.reply_to_id)`;
}

export type MessageProjection = Projection<MessageRow>;

/** A message on a page. The first row has the authors of all messages of the page, in any order, unless the reader may not know them. */
export interface MessagePageRow {
  readonly message: MessageRow | null;
  readonly authors: readonly PersonRow[] | null;
}

type MessagePageColumns = [readonly PersonRow[] | null, ...unknown[]];

/**
 * $1 the reader, $2 the chat, $3 the cursor's message id or null, $4 the number of messages.
 * No row: there is no such user. An empty page is one row without a message.
 */
function messagePage(
  messages: MessageProjection,
  people: PersonProjection,
  name: string,
  after: string,
  order: 'asc' | 'desc',
): Statement<MessagePageColumns, MessagePageRow> {
  const first = order === 'asc' ? 'min' : 'max';
  return {
    name,
    text: `
      with page as materialized (
        select reader.id as reader_id, p.user_id, p.history_from_id as reader_history_from_id, m.*
        from public."user" reader
        left join lateral (
          select user_id, chat_id, history_from_id from public.chat_participant
          where chat_id = $2 and user_id = reader.id offset 0
        ) p on true
        left join lateral (
          select * from public.message
          where message.chat_id = p.chat_id and ${maySee('p', 'message.id')} and ${isThere('message')} and ${after}
          order by message.id ${order}
          limit $4
        ) m on true
        where reader.id = $1 and reader.erased_at is null
      )
      select
        case when m.user_id is not null and m.id is not distinct from (select ${first}(id) from page) then (
          select coalesce(json_agg(${people.json('author')}), '[]')
          from (select distinct author_id from page) written
          cross join lateral (select * from public."user" where id = written.author_id offset 0) author
        ) end,
        ${messages.columns('m', { id: 'm.reader_id', historyFrom: 'm.reader_history_from_id' })}
      from page m
      order by m.id ${order}`,
    row: (columns) => ({ authors: columns[0], message: messages.row(columns, 1) }),
  };
}

export function messagesAscending(messages: MessageProjection, people: PersonProjection) {
  return messagePage(messages, people, 'message_page_asc', 'message.id > coalesce($3::int8, 0)', 'asc');
}

export function messagesDescending(messages: MessageProjection, people: PersonProjection) {
  const after = 'message.id < coalesce($3::int8, 9223372036854775807)';
  return messagePage(messages, people, 'message_page_desc', after, 'desc');
}

/** A column of a message beyond its contents that its author may fill. */
export interface MessageInput {
  readonly name: string;
  readonly type: ListType;
}

/** A message to be sent. */
export interface NewMessage {
  readonly authorId: number;
  readonly chatId: number;
  readonly contents: string;
  /** The author's own name for it: under the same name it is sent only once. */
  readonly clientId: string | undefined;
  /** By the name of the input; null where it is missing. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** A message as one of its author's sends has left it. */
interface SentMessageRow extends MessageRow {
  readonly pts: number;
}

/**
 * What became of a new message: `repeated` has the message of an earlier send of the same one, `taken` is a client_id under
 * which another has been sent, `deleted` one whose message has been removed since, `not accepting` one to
 * somebody who takes no private messages of the author, `right missing` and `frozen` what the group says, `too soon` how long its slow mode
 * has them wait.
 */
export type SendOutcome =
  | {
      readonly outcome: 'sent';
      readonly message: SentMessageRow;
      /** It shows something of a message that not all participants may see. */
      readonly isHidden: boolean;
      /** Whether the author had marked the chat as unread. */
      readonly wasMarkedUnread: boolean;
    }
  | { readonly outcome: 'repeated'; readonly message: SentMessageRow; readonly wasMarkedUnread: boolean }
  | {
      readonly outcome:
        'taken' | 'deleted' | 'not accepting' | 'right missing' | 'frozen' | 'not a participant' | 'no such user';
    }
  | { readonly outcome: 'too soon'; readonly waitMs: number }
  /**
   * The chat was locked, or while the statement waited for it something changed that decides a send: try again, nothing
   * has been kept.
   */
  | { readonly outcome: 'stale' };

type SendColumns = [
  outcome: SendOutcome['outcome'],
  pts: number | null,
  isHidden: boolean,
  wasMarkedUnread: boolean | null,
  waitMs: number | null,
  ...message: unknown[],
];

/** The number of the first parameter that is an input. */
const FIRST_INPUT = 6;

/**
 * $1 the authors, $2 the chats, $3 the contents, $4 the client_ids, $5 for a message that repeats one of these its number among them, from 1,
 * then the inputs of new messages; a row for each, in their order. A list of which all are null may be null.
 *
 * The chats' rows are locked first, in the order of their ids, so that two nodes never wait for each other. A row that
 * had to be waited for comes as the other send left it, and ids and times are drawn after that: they ascend, with pts,
 * in the order in which the sends commit, and within a batch in the order of the drafts.
 *
 * Participants and earlier messages are read as they were before that wait. The send_guard of the locked row says
 * whether somebody was removed or blocked, or a message deleted, meanwhile: every change that decides a send moves it. An earlier send of the
 * same client_id that was not yet committed is found by the unique index.
 */
function sendStatement(
  messages: MessageProjection,
  inputs: readonly MessageInput[],
  name: string,
  ofLocked: 'skip locked' | '',
): Statement<SendColumns, SendOutcome> {
  const names = inputs.map((input) => `, ${input.name}`).join('');
  const lists = inputs.map(({ type }, index) => `, ${list(`$${FIRST_INPUT + index}`, type)}`).join('');
  return {
    name,
    text: `
    with draft as materialized (
      select draft.*, author.id is not null as has_author
      from unnest(${idList('$1')}, ${idList('$2')}, ${list('$3', 'text')}, ${list('$4', 'text')}, ${list('$5', 'int4')}${lists})
        with ordinality as draft (author_id, chat_id, contents, client_id, repeats_n${names}, n)
      left join lateral (
        select id from public."user" where id = draft.author_id and erased_at is null offset 0
      ) author on true
    ), allowed as materialized (
      select draft.*, p.marked_unread, p.history_from_id, chat.send_guard, ${mayWriteIn('draft.author_id')} as may_write,
        rules.refusal, rules.wait_ms, rules.slow_seconds,
        case when client_id is not null then (
          select id from public.message where author_id = draft.author_id and client_id = draft.client_id offset 0
        ) end as earlier_id,
        client_id is not null and exists (
          select from public.chat_event e
          where e.type = 'message.deleted'
            and (e.data ->> 'author_id')::bigint = draft.author_id and e.data ->> 'client_id' = draft.client_id
          offset 0
        ) as is_buried
      from draft
      cross join lateral (
        select marked_unread, history_from_id from public.chat_participant where chat_id = draft.chat_id and user_id = draft.author_id offset 0
      ) p
      cross join lateral (
        select id, private_key, send_guard, frozen_at, member_rights, slow_mode_seconds, has_readers
        from public.chat where id = draft.chat_id offset 0
      ) chat${sendRules('draft.author_id')}
      where has_author
    ), fresh as materialized (
      select * from allowed
      where repeats_n is null and may_write and refusal is null and earlier_id is null and not is_buried
        and (slow_seconds is null or n = (
          select min(other.n) from allowed other
          where other.author_id = allowed.author_id and other.chat_id = allowed.chat_id
        ))
    ), locked as materialized (
      select chat.*
      from (select distinct chat_id from fresh order by chat_id) asked
      cross join lateral (
        select id, last_pts, send_guard, disappear_after_seconds from public.chat
        where id = asked.chat_id
        for no key update ${ofLocked}
      ) chat
    ), numbered as materialized (
      select n, chat_id, author_id, contents, client_id${names}, pts, slow_seconds, disappear_after_seconds, nextval('public.message_id_seq') as id,
        clock_timestamp()::timestamptz(3) as sent_at
      from (
        select fresh.*, locked.disappear_after_seconds, locked.last_pts + row_number() over (partition by chat_id order by n) as pts
        from fresh
        join locked on locked.id = chat_id and locked.send_guard = fresh.send_guard
        order by n
      ) ordered
    ), bumped as (
      update public.chat
      set last_pts = newest.pts, last_message_id = newest.id, last_activity_at = newest.sent_at,
        -- In slow mode a send forbids the next one of its author.
        send_guard = send_guard + case when chat.slow_mode_seconds is null then 0 else 1 end
      from (
        select chat_id, max(pts) as pts, max(id) as id, max(sent_at) as sent_at from numbered group by chat_id
      ) newest
      where chat.id = newest.chat_id
    ), slowed as (
      update public.chat_participant p set slow_until = sent_at + slow_seconds * interval '1 second'
      from numbered
      where slow_seconds is not null and p.chat_id = numbered.chat_id and p.user_id = numbered.author_id
    ), sent as (
      insert into public.message (id, created_at, updated_at, chat_id, author_id, contents, pts, client_id${names}, expires_at)
      select id, sent_at, sent_at, chat_id, author_id, contents, pts, client_id${names},
        sent_at + disappear_after_seconds * interval '1 second'
      from numbered
      returning *
    ), result as materialized (
      select numbered.n, null::boolean as same, sent.* from sent join numbered on numbered.id = sent.id
      union all
      select n, m.chat_id = allowed.chat_id
        and coalesce(m.sent_digest = sha256(convert_to(allowed.contents, 'UTF8')), m.contents = allowed.contents) as same,
        m.*
      from allowed
      cross join lateral (select * from public.message where id = earlier_id offset 0) m
      where earlier_id is not null
    )
    select
      case
        when not draft.has_author then 'no such user'
        when allowed.n is null then 'not a participant'
        when is_buried then 'deleted'
        when not may_write and earlier_id is null then 'not accepting'
        when refusal is not null and result.n is null then refusal
        when result.n is null then 'stale'
        when allowed.repeats_n is null and result.same is null then 'sent'
        when coalesce(result.same, result.chat_id = allowed.chat_id and result.contents = allowed.contents)
          then 'repeated'
        else 'taken'
      end,
      result.pts,
      result.reply_to_id is not null and exists (
        select from public.chat_participant p where p.chat_id = result.chat_id and p.history_from_id > ${oldestShown('result')}
      ),
      allowed.marked_unread, allowed.wait_ms,
      ${messages.columns('result', { id: 'draft.author_id', historyFrom: 'allowed.history_from_id' })}
    from draft
    left join allowed on allowed.n = draft.n
    left join result on result.n = case when earlier_id is null then coalesce(allowed.repeats_n, draft.n) else draft.n end
    order by draft.n`,
    row: ([outcome, pts, isHidden, marked, waitMs, ...columns]) => {
      if (outcome === 'too soon') return { outcome, waitMs: waitMs ?? 0 };
      if (outcome !== 'sent' && outcome !== 'repeated') return { outcome };
      const message = messages.row(columns);
      if (message === null || pts === null) throw new Error('A message has been sent and does not come back.');
      const sent = { message: { ...message, pts }, wasMarkedUnread: marked === true };
      return outcome === 'sent' ? { outcome, ...sent, isHidden } : { outcome, ...sent };
    },
  };
}

/** The parameters of both statements. */
export function sendValues(messages: readonly NewMessage[], inputs: readonly MessageInput[]): unknown[] {
  return [
    messages.map(({ authorId }) => authorId),
    messages.map(({ chatId }) => chatId),
    messages.map(({ contents }) => contents),
    unlessAllNull(messages.map(({ clientId }) => clientId ?? null)),
    unlessAllNull(repeatsIn(messages)),
    ...inputs.map(({ name }) => unlessAllNull(messages.map((message) => message.inputs?.[name] ?? null))),
  ];
}

/** For each message the number, from 1, of the first that has the same author and client_id; null where it is the first. */
function repeatsIn(messages: readonly NewMessage[]): (number | null)[] {
  const first = new Map<string, number>();
  return messages.map(({ authorId, clientId }, index) => {
    if (clientId === undefined) return null;
    const key = `${authorId} ${clientId}`;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index + 1);
    return earlier ?? null;
  });
}

function unlessAllNull(values: unknown[]): unknown[] | null {
  return values.some((value) => value !== null) ? values : null;
}

/** New messages to chats that another transaction is changing are stale at once: the other messages don't wait for them. */
export function sendMessages(messages: MessageProjection, inputs: readonly MessageInput[]) {
  return sendStatement(messages, inputs, 'message_send', 'skip locked');
}

/** Waits for chats that are being changed. */
export function sendMessagesPatiently(messages: MessageProjection, inputs: readonly MessageInput[]) {
  return sendStatement(messages, inputs, 'message_send_patient', '');
}
