import type { PageRows, Projection } from '../projection.js';
import { isThere, maySee } from './chats.js';
import { whomNamed } from './mentions.js';
import type { PersonProjection, PersonRow } from './users.js';
import { mayWriteAsAnybody, mayWriteIn } from './private-writing.js';
import { sendRules } from './rights.js';
import { idList, list, type ListType, type Statement } from './statement.js';

/** A message as the API shows it: what its projection has, of which the statements look at no more than this. */
export interface MessageRow {
  readonly id: number;
  readonly author_id: number;
  readonly contents: string;
  /** The number of its last change. */
  readonly version: number;
  /** The message that it answers, of which it shows something. */
  readonly reply_to?: { readonly id: number };
  /** The message whose thread it is in. */
  readonly thread_id?: number;
  readonly poll?: { readonly results: string; readonly closed_at?: string };
}

/** SQL for whether others see nothing of a message, or other contents than its author. */
export function isApart(message: string): string {
  return `(${message}.shadowed or ${message}.own_edit is not null)`;
}

/** SQL for the oldest message of which a message shows something: itself, or one that it answers. */
function oldestShown(message: string): string {
  return `least(${message}.id, ${message}.reply_to_id)`;
}

export type MessageProjection = Projection<MessageRow>;

/** A message on a page. One row has the authors of all messages of the page, in any order, unless the reader may not know them. */
export interface MessagePageRow {
  readonly message: MessageRow | null;
  readonly authors: readonly PersonRow[] | null;
  /** The last message that was looked at, where a page without threads has found too few among all that it looks at; the same in all rows. */
  readonly seenTo: number | null;
  /** Of a plain page: the message has more than it shows here. */
  readonly isUnusual: boolean;
  /** Of a whole page: what its messages have together; in the row that has the authors. */
  readonly together: PageTogether | null;
  /** Of a whole page: another reader gets the same for as long as the message has the same number. */
  readonly isSettled: boolean;
}

interface PageTogether {
  /** Numbers of messages that are kept, and for which there is no row. */
  readonly kept: readonly number[] | null;
  /** What the projection needs to complete them. */
  readonly fields: readonly unknown[];
}

type MessagePageColumns = [readonly PersonRow[] | null, ...unknown[]];

/** Whether a page has all messages, or leaves out those of threads. */
export type PagedThreads = 'included' | 'apart';

/**
 * Whether a page shows all of its messages, or only what plain ones have, and says which are not plain. PostgreSQL sets up all parts of a
 * statement whenever it runs, also those that it does not come to: a plain page leaves out those that few messages need.
 */
type PageForm = 'whole' | 'plain';

export interface PageKind {
  readonly threads: PagedThreads;
  readonly form: PageForm;
}

/** At so many messages a page looks that leaves some out: no index has the others alone, because each send would write it. */
const MAX_SEEN = 1000;

/**
 * $1 the reader, $2 the chat, $3 the cursor's message id or null, $4 the number of messages; of a whole page also $5, the numbers of messages that
 * are kept: one row, the first one, names those of them that are on the page, and they have none of their own.
 * No row: there is no such user. An empty page is one row without a message. The rows come in any order: PostgreSQL would copy each to
 * sort them.
 */
function messagePage(
  messages: MessageProjection,
  people: PersonProjection,
  name: string,
  after: string,
  order: 'asc' | 'desc',
  { threads, form }: PageKind,
): Statement<MessagePageColumns, MessagePageRow> {
  const areApart = threads === 'apart';
  const isPlain = form === 'plain';
  const some = (columns: string, count: string) => `
          select ${columns} from public.message
          where message.chat_id = p.chat_id and ${maySee('p', 'message')} and ${isThere('message')} and ${after}
          order by message.id ${order}
          limit ${count}`;
  const apart = `
          select * from (${some('*', String(MAX_SEEN))}
          ) message
          where thread_id is null
          order by id ${order}
          limit $4`;
  const seenTo = `
        case when (select count(id) from page) < $4 then (
          select last.id
          from (select $2::int8 as chat_id, user_id, reader_history_from_id as history_from_id from page where user_id is not null limit 1) p
          cross join lateral (${some('id', `1 offset ${MAX_SEEN - 1}`)}
          ) last
        ) end,`;
  const page: PageRows = {
    name: 'page',
    readerOf: (alias) => ({ id: `${alias}.reader_id`, historyFrom: `${alias}.reader_history_from_id` }),
    isDense: !areApart,
    isKept: (alias) => `${alias}.is_kept`,
  };
  const first = '(select id from page limit 1)';
  const isFirst = `m.user_id is not null and m.id is not distinct from ${first}`;
  const kept = `(select json_agg(pts) from page where is_kept and id <> ${first})`;
  const together = `
        case when ${isFirst} then json_build_object('kept', ${kept}, 'fields', ${messages.pageJson(page)}) end,`;
  const [seenToAt, togetherAt] = [1, areApart ? 2 : 1];
  const settledAt = togetherAt + 1;
  const firstOfMessage = isPlain ? togetherAt : settledAt + 1;
  return {
    name,
    text: `
      with page as materialized (
        select reader.id as reader_id, p.user_id, p.history_from_id as reader_history_from_id,${isPlain ? '' : ` coalesce(m.pts = any (${idList('$5')}), false) as is_kept,`} m.*
        from public."user" reader
        left join lateral (
          select user_id, chat_id, history_from_id from public.chat_participant
          where chat_id = $2 and user_id = reader.id offset 0
        ) p on true
        left join lateral (${areApart ? apart : some('*', '$4')}
        ) m on true
        where reader.id = $1 and reader.erased_at is null
      )
      select
        case when ${isFirst} then (
          select coalesce(json_agg(${people.json('author')}), '[]')
          from (select distinct author_id from page) written
          cross join lateral (select * from public."user" where id = written.author_id offset 0) author
        ) end,${areApart ? seenTo : ''}${isPlain ? '' : together}
        ${
          isPlain
            ? `${messages.usualColumns('m')}, case when not (${messages.areUsual('m')}) then true end`
            : `${messages.isSettled('m')}, ${messages.pageColumns('m', page)}`
        }
      from page m${isPlain ? '' : ` where not m.is_kept or m.id = ${first}`}`,
    row: (columns) => ({
      authors: columns[0],
      seenTo: areApart ? (columns[seenToAt] as number | null) : null,
      together: isPlain ? null : (columns[togetherAt] as PageTogether | null),
      message: isPlain ? messages.row(columns, firstOfMessage) : messages.pageRow(columns, firstOfMessage),
      isUnusual: isPlain && columns.at(-1) !== null,
      isSettled: !isPlain && columns[settledAt] === true,
    }),
  };
}

export function messagesAscending(messages: MessageProjection, people: PersonProjection, kind: PageKind) {
  return messagePage(messages, people, nameOf('asc', kind), 'message.id > coalesce($3::int8, 0)', 'asc', kind);
}

export function messagesDescending(messages: MessageProjection, people: PersonProjection, kind: PageKind) {
  const after = 'message.id < coalesce($3::int8, 9223372036854775807)';
  return messagePage(messages, people, nameOf('desc', kind), after, 'desc', kind);
}

function nameOf(order: 'asc' | 'desc', { threads, form }: PageKind): string {
  return `message_page_${order}${threads === 'apart' ? '_apart' : ''}${form === 'plain' ? '_plain' : ''}`;
}

/** A column of a message beyond its contents that its author may fill. */
export interface MessageInput {
  readonly name: string;
  readonly type: ListType;
  /**
   * SQL for why a message with it is not sent; null: it is. It looks nothing up for messages without.
   * @param draft the alias of the new message. @param mine that of its author's row of chat_participant.
   */
  readonly refusal?: (draft: string, mine: string) => string;
  /** SQL for what is kept of it. Unless it is what was given. */
  readonly kept?: (value: string, chatId: string, authorId: string) => string;
}

/** Why an input keeps a message from being sent. */
export type InputRefusal = 'right missing' | 'no thread' | 'thread in a thread' | 'poll over';

/** SQL for what each input says against a message; null: nothing. */
export function inputRefusals(inputs: readonly MessageInput[], draft: string, mine: string): string[] {
  return inputs.flatMap(({ refusal }) => refusal?.(draft, mine) ?? []);
}

/** A message to be sent. */
export interface NewMessage {
  readonly authorId: number;
  readonly chatId: number;
  readonly contents: string;
  /** The author's own name for it: under the same name it is sent only once. */
  readonly clientId: string | undefined;
  /** By the name of the input; null where it is missing. Not there for a plain message. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * What became of a new message: `repeated` has the message of an earlier send of the same one, `taken` is a client_id under
 * which another has been sent, `deleted` one whose message has been removed since, `not accepting` one to
 * somebody who takes no private messages of the author, `right missing` and `frozen` what the group says, `too soon` how long its slow mode
 * has them wait; `no thread`, `thread in a thread` and `poll over` are what an input says.
 */
export type SendOutcome =
  | {
      readonly outcome: 'sent';
      readonly message: MessageRow;
      readonly pts: number;
      /** 'some': it shows something of a message that not all participants may see; 'others': they see nothing of it, or of what it answers. */
      readonly hiddenFrom: 'some' | 'others' | null;
      /** Whether the author had marked the chat as unread. */
      readonly wasMarkedUnread: boolean;
    }
  | {
      readonly outcome: 'repeated';
      readonly message: MessageRow;
      readonly pts: number;
      readonly wasMarkedUnread: boolean;
    }
  | {
      readonly outcome:
        'taken' | 'deleted' | 'not accepting' | 'frozen' | 'not a participant' | 'no such user' | InputRefusal;
    }
  | { readonly outcome: 'too soon'; readonly waitMs: number }
  /**
   * The chat was locked, or while the statement waited for it something changed that decides a send, or it was no plain message after all:
   * try again, nothing has been kept.
   */
  | { readonly outcome: 'stale' };

type SendColumns = [
  outcome: SendOutcome['outcome'],
  pts: number | null,
  hiddenFrom: 'some' | 'others' | null,
  wasMarkedUnread: boolean | null,
  waitMs: number | null,
  ...message: unknown[],
];

/** The number of the first parameter that is an input. */
const FIRST_INPUT = 6;
/** Where the columns of the message begin. */
const FIRST_OF_MESSAGE = 5;

/**
 * $1 the authors, $2 the chats, $3 the contents, $4 the client_ids; unless they are plain also $5 for a message that repeats one of these
 * its number among them, from 1, and then the inputs of new messages. A row for each, in their order. A list of which all are null may be null.
 *
 * The chats' rows are locked first, in the order of their ids, so that two nodes never wait for each other. A row that
 * had to be waited for comes as the other send left it, and ids and times are drawn after that: they ascend, with pts,
 * in the order in which the sends commit, and within a batch in the order of the drafts.
 *
 * Participants and earlier messages are read as they were before that wait. The send_guard of the locked row says
 * whether somebody was removed or blocked, or a message deleted, meanwhile: every change that decides a send moves it. An earlier send of the
 * same client_id that was not yet committed is found by the unique index.
 *
 * @param inputs 'plain' for messages that have none, and no repeats among them. Whatever else is not as usual is stale then, and left
 *   to the other statement: PostgreSQL sets up all parts of a statement whenever it runs, also those that it does not come to.
 */
function sendStatement(
  messages: MessageProjection,
  inputs: readonly MessageInput[] | 'plain',
  name: string,
  ofLocked: 'skip locked' | '',
): Statement<SendColumns, SendOutcome> {
  const isPlain = inputs === 'plain';
  const given = isPlain ? [] : inputs;
  const names = given.map((input) => `, ${input.name}`).join('');
  const shadowed = isPlain ? '' : ', shadowed';
  const kept = given
    .map((input) => `, ${keptInput(input, { value: input.name, chatId: 'ordered.chat_id', authorId: 'author_id' })}`)
    .join('');
  const lists = given.map(({ type }, index) => `, ${list(`$${FIRST_INPUT + index}`, type)}`).join('');
  const refusals = ['rules.refusal', ...inputRefusals(given, 'draft', 'p')].join(', ');
  return {
    name,
    text: `
    with draft as materialized (
      select draft.*, author.id is not null as has_author
      from unnest(
        ${idList('$1')}, ${idList('$2')}, ${list('$3', 'text')}, ${list('$4', 'text')}${isPlain ? '' : `, ${list('$5', 'int4')}${lists}`}
      ) with ordinality as draft (author_id, chat_id, contents, client_id${isPlain ? '' : `, repeats_n${names}`}, n)
      left join lateral (
        select id from public."user" where id = draft.author_id and erased_at is null offset 0
      ) author on true
    ), allowed as materialized (
      select draft.*, p.marked_unread, p.history_from_id, p.shadowed_until, chat.send_guard, coalesce(${refusals}) as refusal, rules.wait_ms, rules.slow_seconds,
        ${isPlain ? mayWriteAsAnybody('draft.author_id') : mayWriteIn('draft.author_id')} as may_write,
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
        select user_id, marked_unread, history_from_id, shadowed_until from public.chat_participant where chat_id = draft.chat_id and user_id = draft.author_id offset 0
      ) p
      cross join lateral (
        select id, private_key, send_guard, frozen_at, member_rights, slow_mode_seconds, has_readers
        from public.chat where id = draft.chat_id offset 0
      ) chat${sendRules('draft.author_id')}
      where has_author
    ), fresh as materialized (
      select * from allowed
      where may_write and refusal is null and earlier_id is null and not is_buried
        ${isPlain ? 'and shadowed_until is null' : 'and repeats_n is null'}
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
      select n, chat_id, author_id, contents, client_id${kept}, pts, slow_seconds, disappear_after_seconds,
        ${isPlain ? '' : `case when shadowed_until > clock_timestamp() then true end as shadowed,`} nextval('public.message_id_seq') as id,
        clock_timestamp()::timestamptz(3) as sent_at
      from (
        select fresh.*, locked.disappear_after_seconds, locked.last_pts + row_number() over (partition by chat_id order by n) as pts
        from fresh
        join locked on locked.id = chat_id and locked.send_guard = fresh.send_guard
          ${isPlain ? 'and locked.disappear_after_seconds is null' : ''}
        order by n
      ) ordered
    ), bumped as (
      update public.chat
      set last_pts = newest.pts,
        ${
          isPlain
            ? 'last_message_id = newest.id, last_activity_at = newest.sent_at,'
            : `last_message_id = coalesce(newest.id, chat.last_message_id), last_activity_at = coalesce(newest.sent_at, chat.last_activity_at),
        last_mention_id = coalesce(newest.mention_id, chat.last_mention_id),`
        }
        -- In slow mode a send forbids the next one of its author.
        send_guard = send_guard + case when chat.slow_mode_seconds is null then 0 else 1 end
      from (
        select chat_id, max(pts) as pts, ${
          isPlain
            ? 'max(id) as id, max(sent_at) as sent_at'
            : `max(id) filter (where shadowed is null) as id, max(sent_at) filter (where shadowed is null) as sent_at,
          max(id) filter (where mentions is not null and shadowed is null) as mention_id`
        }
        from numbered group by chat_id
      ) newest
      where chat.id = newest.chat_id
    ), slowed as (
      ${isPlain ? SLOWED : SLOWED_OR_SHADOWED}
    ), sent as (
      insert into public.message (id, created_at, updated_at, chat_id, author_id, contents, pts, client_id${names}${shadowed}, expires_at)
      select id, sent_at, sent_at, chat_id, author_id, contents, pts, client_id${names}${shadowed},
        sent_at + disappear_after_seconds * interval '1 second'
      from numbered
      returning *
    ${isPlain ? '' : `), named as (${insertNamed('sent')}`}
    ), result as materialized (
      select numbered.n, null::boolean as same, sent.* from sent join numbered on numbered.id = sent.id${isPlain ? '' : EARLIER}
    )
    select ${isPlain ? PLAIN_OUTCOME : OUTCOME},
      ${isPlain ? messages.usualColumns('result') : messages.columns('result', { id: 'draft.author_id', historyFrom: 'allowed.history_from_id' })}
    from draft
    left join allowed on allowed.n = draft.n
    left join result on result.n = ${isPlain ? 'draft.n' : 'case when earlier_id is null then coalesce(allowed.repeats_n, draft.n) else draft.n end'}
    order by draft.n`,
    row: (columns) => {
      const [outcome, pts, hiddenFrom, marked, waitMs] = columns;
      if (outcome === 'too soon') return { outcome, waitMs: waitMs ?? 0 };
      if (outcome !== 'sent' && outcome !== 'repeated') return { outcome };
      const message = messages.row(columns, FIRST_OF_MESSAGE);
      if (message === null || pts === null) throw new Error('A message has been sent and does not come back.');
      const sent = { message, pts, wasMarkedUnread: marked === true };
      return outcome === 'sent' ? { outcome, ...sent, hiddenFrom } : { outcome, ...sent };
    },
  };
}

/** SQL for what is kept of an input, under its name. */
export function keptInput(
  { name, kept }: MessageInput,
  { value, chatId, authorId }: { readonly value: string; readonly chatId: string; readonly authorId: string },
): string {
  return `${kept ? kept(value, chatId, authorId) : value} as ${name}`;
}

/** SQL that makes found whom new messages name. @param sent their rows. */
export function insertNamed(sent: string): string {
  return `insert into public.mention (message_id, chat_id, whom)
      select ${sent}.id, ${sent}.chat_id, named.whom
      from ${sent}
      cross join lateral (${whomNamed(`${sent}.mentions`)}
      ) named
      where ${sent}.mentions is not null and ${sent}.silent is null and ${sent}.shadowed is null`;
}

/** The parameters of sendMessages. */
export function sendValues(messages: readonly NewMessage[], inputs: readonly MessageInput[]): unknown[] {
  return [
    ...plainValues(messages),
    unlessAllNull(repeatsIn(messages)),
    ...inputs.map(({ name }) => unlessAllNull(messages.map((message) => message.inputs?.[name] ?? null))),
  ];
}

/** The parameters of sendPlainMessages. */
export function plainValues(messages: readonly NewMessage[]): unknown[] {
  return [
    messages.map(({ authorId }) => authorId),
    messages.map(({ chatId }) => chatId),
    messages.map(({ contents }) => contents),
    unlessAllNull(messages.map(({ clientId }) => clientId ?? null)),
  ];
}

export function arePlain(messages: readonly NewMessage[]): boolean {
  return messages.every(({ inputs }) => inputs === undefined) && repeatsIn(messages).every((first) => first === null);
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

const SLOWED = `update public.chat_participant p set slow_until = sent_at + slow_seconds * interval '1 second'
      from numbered
      where slow_seconds is not null and p.chat_id = numbered.chat_id and p.user_id = numbered.author_id`;

const SLOWED_OR_SHADOWED = `update public.chat_participant p
      set slow_until = coalesce(own.slow_until, p.slow_until), shadow_message_id = coalesce(own.shadow_id, p.shadow_message_id)
      from (
        select chat_id, author_id, max(sent_at + slow_seconds * interval '1 second') as slow_until, max(id) filter (where shadowed) as shadow_id
        from numbered where slow_seconds is not null or shadowed group by chat_id, author_id
      ) own
      where p.chat_id = own.chat_id and p.user_id = own.author_id`;

/** What is found of an earlier send. */
const EARLIER = `
      union all
      select n, m.chat_id = allowed.chat_id
        and coalesce(m.sent_digest = sha256(convert_to(allowed.contents, 'UTF8')), m.contents = allowed.contents) as same,
        m.*
      from allowed
      cross join lateral (select * from public.message where id = earlier_id offset 0) m
      where earlier_id is not null`;

const OUTCOME = `
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
      case
        when result.shadowed then 'others'
        when result.reply_to_id is null then null
        when exists (select from public.chat_participant p where p.chat_id = result.chat_id and p.history_from_id > ${oldestShown('result')})
          then 'some'
        when exists (
          select from (select shadowed, own_edit from public.message where id = result.reply_to_id offset 0) answered
          where ${isApart('answered')}
        )
          then 'others'
      end,
      allowed.marked_unread, allowed.wait_ms`;

const PLAIN_OUTCOME = `
      case
        when not draft.has_author then 'no such user'
        when allowed.n is null then 'not a participant'
        when result.n is null then 'stale'
        else 'sent'
      end,
      result.pts, null, allowed.marked_unread, null`;

/** For messages that have no inputs, and no repeats among them. */
export function sendPlainMessages(messages: MessageProjection) {
  return sendStatement(messages, 'plain', 'message_send_plain', 'skip locked');
}

/** New messages to chats that another transaction is changing are stale at once: the other messages don't wait for them. */
export function sendMessages(messages: MessageProjection, inputs: readonly MessageInput[]) {
  return sendStatement(messages, inputs, 'message_send', 'skip locked');
}

/** Waits for chats that are being changed. */
export function sendMessagesPatiently(messages: MessageProjection, inputs: readonly MessageInput[]) {
  return sendStatement(messages, inputs, 'message_send_patient', '');
}
