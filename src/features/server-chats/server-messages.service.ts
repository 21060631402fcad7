import { commitChange, type Context } from '../../changes/index.js';
import { insertNamed, keptInput, type MessageRow, type NewMessage, type Transaction } from '../../database/index.js';
import type { Registry } from '../feature.js';
import {
  clientIdTaken,
  messageCreated,
  parameterOf,
  readPresent,
  requireInputsAt,
  sentMessageDeleted,
  takeInputs,
  toPage,
  type Message,
  type MessagePage,
  type MessagePageQuery,
  type SendAsHost,
  type SentMessage,
} from '../messages/index.js';
import { requireRoot, settleAfter } from '../threads/index.js';
import type { ShortUser } from '../users/index.js';
import { appUserId } from './app-user.js';

/**
 * Sends a message as the host application, once also when the request is repeated under the same client_id.
 * @throws CLIENT_ID_TAKEN when another message was sent under it; MESSAGE_DELETED when the message is gone again; THREAD_DOES_NOT_EXIST or
 *   THREAD_IN_THREAD for a `thread_id` of nothing that has a thread; VALIDATION_ERROR for a poll that is closed from the start.
 */
export async function sendAsApp(
  context: Context & { readonly registry: Pick<Registry, 'messageInputs'> },
  chatId: number,
  { contents, client_id: clientId, silent, ...given }: SendAsHost,
): Promise<SentMessage> {
  const authorId = await appUserId(context.db);
  const { thread_id: threadId } = given as { readonly thread_id?: number };
  let repeated: SentMessage | undefined;
  const sent = await commitChange(
    context,
    messageCreated,
    { chatId, actorId: authorId, byServer: true },
    {
      write: async (tx, pts) => {
        repeated = clientId === undefined ? undefined : await findEarlier(tx, context, { authorId, clientId }, chatId);
        const inputs = { ...takeInputs(context.registry, given), silent: silent === true ? true : null };
        if (!repeated) {
          requireInputsAt(context.registry, given, new Date());
          if (threadId !== undefined) await requireRoot(tx, chatId, threadId);
          return insertMessage(tx, context, pts, { chatId, authorId, contents, clientId, inputs });
        }
        if (repeated.contents !== contents && repeated.edited_at === undefined) throw clientIdTaken();
        return undefined;
      },
      answer: (_tx, change) => Promise.resolve(change && { ...(change.stored as Message), pts: change.pts }),
    },
  );
  await settleAfter(context, { userId: authorId, chatId, threadId })?.catch((error: unknown) => {
    context.log.warn({ err: error, chat_id: chatId }, 'the thread of a message is counted later');
  });
  if (sent) return sent;
  if (!repeated) throw new Error('A message was neither sent nor found.');
  return { ...repeated, deduplicated: true };
}

/** @throws CLIENT_ID_TAKEN, MESSAGE_DELETED. */
async function findEarlier(
  tx: Transaction,
  { model }: Context,
  { authorId, clientId }: { readonly authorId: number; readonly clientId: string },
  chatId: number,
): Promise<SentMessage | undefined> {
  const [earlier] = await tx.$queryRawUnsafe<{ message: Message; chat_id: bigint; pts: bigint }[]>(
    `select ${model.message.json('m')} as message, m.chat_id, m.pts from public.message m
    where author_id = $1::int8 and client_id = $2`,
    authorId,
    clientId,
  );
  if (earlier) {
    if (Number(earlier.chat_id) !== chatId) throw clientIdTaken();
    return { ...earlier.message, pts: Number(earlier.pts) };
  }
  const [deleted] = await tx.$queryRaw<object[]>`
    select from public.chat_event e where e.type = 'message.deleted'
      and (e.data ->> 'author_id')::bigint = ${authorId} and e.data ->> 'client_id' = ${clientId}`;
  if (deleted) throw sentMessageDeleted();
  return undefined;
}

/** The number of the first parameter that is an input. */
const FIRST_INPUT = 6;

async function insertMessage(
  tx: Transaction,
  { model }: Context,
  pts: number,
  { chatId, authorId, contents, clientId, inputs }: NewMessage,
): Promise<MessageRow> {
  const names = model.messageInputs.map(({ name }) => `, ${name}`).join('');
  const values = model.messageInputs
    .map((input, index) => {
      const value = `$${FIRST_INPUT + index}::${input.type}`;
      return `, ${keptInput(input, { value, chatId: '$1::int8', authorId: '$2::int8' })}`;
    })
    .join('');
  const [sent] = await tx.$queryRawUnsafe<[{ message: MessageRow }]>(
    `with sent as (
      insert into public.message (created_at, updated_at, chat_id, author_id, contents, pts, client_id${names})
      select now, now, $1::int8, $2::int8, $3, $4::int8, $5${values} from (select clock_timestamp()::timestamptz(3) as now) clock
      returning *
    ), bumped as (
      update public.chat set last_message_id = sent.id, last_activity_at = sent.created_at,
        last_mention_id = case when sent.mentions is null then chat.last_mention_id else sent.id end
      from sent where chat.id = sent.chat_id
    ), named as (
      ${insertNamed('sent')}
    )
    select ${model.message.json('sent')} as message from sent`,
    chatId,
    authorId,
    contents,
    pts,
    clientId ?? null,
    ...model.messageInputs.map(({ name, type }) => parameterOf(type, inputs?.[name])),
  );
  return sent.message;
}

/** A page of any chat. */
export async function readPage(
  { db, model }: Context,
  chatId: number,
  { cursor, limit, order }: MessagePageQuery,
): Promise<MessagePage> {
  const isAscending = order === 'asc';
  // One more than the page has: it tells whether there is another page.
  const rows = await db.$queryRawUnsafe<{ message: Message; author: ShortUser }[]>(
    `select ${model.message.json('m')} as message, ${model.person.json('author')} as author
    from (
      select * from public.message where chat_id = $1::int8 and shadowed is null and ($2::int8 is null or id ${isAscending ? '>' : '<'} $2::int8)
      order by id ${isAscending ? 'asc' : 'desc'} limit $3::int8
    ) m
    cross join lateral (select * from public."user" where id = m.author_id offset 0) author
    order by m.id ${isAscending ? 'asc' : 'desc'}`,
    chatId,
    cursor ?? null,
    limit + 1,
  );
  const found = {
    ...{ messages: rows.map(({ message }) => message), authors: rows.map(({ author }) => author) },
    seenTo: null,
  };
  return toPage(found, limit);
}

/** @throws MESSAGE_DOES_NOT_EXIST */
export async function getMessage({ db, model }: Context, messageId: number): Promise<SentMessage> {
  const { message, pts } = await readPresent(db, model, messageId);
  return { ...(message as Message), pts };
}
