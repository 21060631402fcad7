import { MINE, utcJson, type MessageRow, type ReadModel, type Transaction } from '../../database/index.js';
import type { Forwarded } from './forward.fields.js';

/** What a copy keeps of its source. */
interface Source extends Forwarded {
  readonly author_id?: number;
  readonly message_id: number;
}

/** A message to be copied. */
export interface Original {
  readonly contents: string;
  readonly source: Source;
  readonly isForbidden: boolean;
}

/** As the user sees it. A copy of a copy has the first source. @returns undefined when it is gone. */
export async function findOriginal(db: Transaction, messageId: number, userId: number): Promise<Original | undefined> {
  const [row] = await db.$queryRawUnsafe<Original[]>(
    `select case when m.own_edit is not null and m.author_id = $2::int8 then m.own_edit ->> 'contents' else m.contents end as contents,
      chat.no_forward is not distinct from true as "isForbidden",
      coalesce(m.forwarded, jsonb_strip_nulls(jsonb_build_object(
        'author_name', case when author.erased_at is null then coalesce(author.name, author.username) else '' end,
        'author_id', case when author.erased_at is null then author.id end,
        'at', ${utcJson('m.created_at')}, 'message_id', m.id
      ))) as source
    from public.message m
    join public.chat on chat.id = m.chat_id
    join public."user" author on author.id = m.author_id
    where m.id = $1::int8`,
    messageId,
    userId,
  );
  return row;
}

/** What the user has forwarded to the chat under this client_id. */
export async function findCopy(
  db: Transaction,
  { message }: ReadModel,
  userId: number,
  chatId: number,
  clientId: string,
): Promise<{ readonly message: MessageRow; readonly pts: number } | undefined> {
  const [row] = await db.$queryRawUnsafe<{ message: MessageRow; pts: bigint }[]>(
    `select ${message.json('m', MINE)} as message, m.pts
    from public.message m
    join public.chat_participant mine on mine.chat_id = m.chat_id and mine.user_id = $1::int8
    where m.author_id = $1::int8 and m.client_id = $3 and m.chat_id = $2::int8 and m.forwarded is not null`,
    userId,
    chatId,
    clientId,
  );
  return row && { message: row.message, pts: Number(row.pts) };
}

/** @returns undefined when the message is no copy. */
export async function findSourceId(db: Transaction, messageId: number): Promise<number | undefined> {
  const [row] = await db.$queryRaw<{ id: bigint | null }[]>`
    select (forwarded ->> 'message_id')::bigint as id from public.message where id = ${messageId}`;
  return row?.id === null || row?.id === undefined ? undefined : Number(row.id);
}

/** Copies that name the user, with the chat of each. */
export async function findCopiesOf(
  db: Transaction,
  userId: number,
  limit: number,
): Promise<{ readonly messageId: number; readonly chatId: number }[]> {
  const rows = await db.messageForward.findMany({
    where: { author_id: userId },
    take: limit,
    select: { message_id: true, message: { select: { chat_id: true } } },
  });
  return rows.map(({ message_id, message }) => ({ messageId: Number(message_id), chatId: Number(message.chat_id) }));
}

/** @returns the message as it is then, for everybody; undefined when it is gone. */
export async function blankAuthor(
  tx: Transaction,
  { message }: ReadModel,
  messageId: number,
  pts: number,
): Promise<MessageRow | undefined> {
  await tx.messageForward.deleteMany({ where: { message_id: messageId } });
  const [row] = await tx.$queryRawUnsafe<{ message: MessageRow }[]>(
    `update public.message m set forwarded = forwarded - 'author_id' || '{"author_name": ""}', pts = $2::int8
    where id = $1::int8 and forwarded is not null
    returning ${message.json('m')} as message`,
    messageId,
    pts,
  );
  return row?.message;
}
