import type { Static } from '@sinclair/typebox';
import {
  MINE,
  inputRefusals,
  isThere,
  utcJson,
  mayWriteIn,
  keptInput,
  maySee,
  type InputRefusal,
  type MessageInput,
  type MessageRow,
  type OwnedMessage,
  type PersonRow,
  type ReadModel,
  type Transaction,
} from '../../database/index.js';
import type { messageDeleted } from './message.changes.js';

type Tombstone = Static<(typeof messageDeleted)['stored']>;

/** A message, where it is, and who wrote it. */
interface FoundMessage {
  readonly chat_id: number;
  readonly message: MessageRow;
  readonly author: PersonRow;
}

/** The message as the user sees it, when it is in a chat in which they take part, and they may see it. */
export async function readMessageFor(
  db: Transaction,
  { message, person }: ReadModel,
  userId: number,
  messageId: number,
): Promise<FoundMessage | undefined> {
  const [row] = await db.$queryRawUnsafe<(Omit<FoundMessage, 'chat_id'> & { chat_id: bigint })[]>(
    `select m.chat_id, ${message.json('m', MINE)} as message, ${person.json('author')} as author
    from public.message m
    join public.chat_participant mine on mine.chat_id = m.chat_id and mine.user_id = $1::int8 and ${maySee('mine', 'm')} and ${isThere('m')}
    join public."user" author on author.id = m.author_id
    where m.id = $2::int8`,
    userId,
    messageId,
  );
  return row && { ...row, chat_id: Number(row.chat_id) };
}

/** Whether the user, who is in the chat, may write to the other there, and whether it is frozen. */
export async function findWriting(
  tx: Transaction,
  userId: number,
  chatId: number,
): Promise<{ readonly may_write: boolean; readonly is_frozen: boolean }> {
  const [chat] = await tx.$queryRawUnsafe<[{ may_write: boolean; is_frozen: boolean }]>(
    `select ${mayWriteIn('$1::int8')} as may_write, frozen_at is not null as is_frozen from public.chat where id = $2::int8`,
    userId,
    chatId,
  );
  return chat;
}

/** How long ago a message was sent, in seconds. */
export async function readAge(tx: Transaction, messageId: number): Promise<number> {
  const [message] = await tx.$queryRaw<[{ age: number }]>`
    select extract(epoch from clock_timestamp() - created_at)::float8 as age from public.message where id = ${messageId}`;
  return message.age;
}

/** Whether the user has sent a message under this client_id, in a chat that they may have left since; it may be deleted. */
export async function wasSent(db: Transaction, userId: number, clientId: string, chatId?: number): Promise<boolean> {
  const [row] = await db.$queryRawUnsafe<{ was_sent: boolean }[]>(
    `select exists (
        select from public.message where author_id = $1::int8 and client_id = $3 and ($2::int8 is null or chat_id = $2)
      ) or exists (
        select from public.chat_event e
        where e.type = 'message.deleted' and (e.data ->> 'author_id')::bigint = $1::int8 and e.data ->> 'client_id' = $3
          and ($2::int8 is null or e.chat_id = $2)
      ) as was_sent`,
    userId,
    chatId ?? null,
    clientId,
  );
  return row?.was_sent === true;
}

/** A message as it is now. */
export interface PresentMessage {
  readonly message: MessageRow;
  readonly pts: number;
  /** The author's own name for the last edit. */
  readonly edit_client_id: string | null;
  /** Whether others see nothing of it, or an earlier edit. */
  readonly is_shadowed: boolean;
  readonly has_own_edit: boolean;
  /** Whether others see nothing of what the reader writes now. */
  readonly is_in_shadow: boolean;
}

/** @returns undefined when there is no such message. */
export async function readMessage(
  db: Transaction,
  { message: projection }: ReadModel,
  messageId: number,
  readerId: number | undefined,
): Promise<PresentMessage | undefined> {
  const [row] = await db.$queryRawUnsafe<(Omit<PresentMessage, 'pts'> & { pts: bigint })[]>(
    `select ${projection.json('m', readerId === undefined ? undefined : MINE)} as message, m.pts, m.edit_client_id,
      m.shadowed is not null as is_shadowed, m.own_edit is not null as has_own_edit,
      coalesce(mine.shadowed_until > clock_timestamp(), false) as is_in_shadow
    from public.message m
    left join public.chat_participant mine on mine.chat_id = m.chat_id and mine.user_id = $2::int8
    where m.id = $1::int8`,
    messageId,
    readerId ?? null,
  );
  return row && { ...row, pts: Number(row.pts) };
}

/** The number of the first parameter that is an input. */
const FIRST_EDIT_INPUT = 7;

/** What raw SQL gets for an input. */
export function parameterOf(type: MessageInput['type'], value: unknown): unknown {
  if (value === undefined || value === null) return null;
  return type === 'jsonb' ? JSON.stringify(value) : value;
}

/** What inputs say against a message, were it sent now; null: nothing. @param inputs as they are kept. */
export async function findInputRefusal(
  tx: Transaction,
  { messageInputs }: ReadModel,
  { userId, chatId }: { readonly userId: number; readonly chatId: number },
  inputs: Readonly<Record<string, unknown>>,
): Promise<InputRefusal | null> {
  const columns = messageInputs.map(({ name, type }, index) => `, $${index + 3}::${type} as ${name}`).join('');
  const [row] = await tx.$queryRawUnsafe<{ refusal: InputRefusal | null }[]>(
    `select coalesce(null, ${inputRefusals(messageInputs, 'draft', 'p').join(', ')}) as refusal
    from (select $1::int8 as author_id, $2::int8 as chat_id${columns}) draft
    join public.chat_participant p on p.chat_id = draft.chat_id and p.user_id = draft.author_id`,
    userId,
    chatId,
    ...messageInputs.map(({ name, type }) => parameterOf(type, inputs[name])),
  );
  return row?.refusal ?? null;
}

/** What an edit writes. */
interface Edit {
  readonly pts: number;
  readonly contents: string;
  readonly clientId: string | undefined;
  readonly inputs: readonly (MessageInput & { readonly value: unknown })[];
  /** Other inputs that an edit may give. */
  readonly kept: readonly MessageInput[];
  /** Whether others go on seeing the message as it is. */
  readonly isInShadow: boolean;
}

const READ_BY_AUTHOR = { id: 'm.author_id', historyFrom: 'null', isOfEvent: true };

/** SQL for what the author of `m` sees in a column, be it by an edit in the shadow. */
function seenByAuthor(column: string, type = 'jsonb'): string {
  const kept = type === 'jsonb' ? `nullif(m.own_edit -> '${column}', 'null')` : `(m.own_edit ->> '${column}')::${type}`;
  return `case when m.own_edit is null then m.${column} else ${kept} end`;
}

/**
 * Runs within a change of the chat. An edit in the shadow is put beside what everybody sees, and the next one that is not takes its place.
 * @returns the message as its author sees it then; undefined when all is the same to them: then there is no change.
 */
export async function editMessage(
  tx: Transaction,
  { message: projection }: ReadModel,
  { id, chat_id, author_id }: OwnedMessage,
  edit: Edit,
): Promise<MessageRow | undefined> {
  const target = { chatId: '$5::int8', authorId: '$6::int8' };
  const kept = edit.inputs.map((input, index) => {
    return `, ${keptInput(input, { value: `$${FIRST_EDIT_INPUT + index}::${input.type}`, ...target })}`;
  });
  const values = [
    ...edit.inputs.map(({ name }) => [name, `given.${name}`] as const),
    ...edit.kept.map(({ name }) => [name, seenByAuthor(name)] as const),
  ];
  const contents = seenByAuthor('contents', 'text');
  const editedAt = `case when ${contents} <> $2 then now else ${seenByAuthor('edited_at', 'timestamptz')} end`;
  const differences = edit.inputs
    .map(({ name }) => ` or ${seenByAuthor(name)} is distinct from given.${name}`)
    .join('');
  const changes = edit.isInShadow
    ? `own_edit = jsonb_build_object('contents', $2::text, 'updated_at', ${utcJson('now')}, 'edited_at', ${utcJson(`(${editedAt})`)}${values.map(([name, value]) => `, '${name}', ${value}`).join('')})`
    : `contents = $2, updated_at = now, edited_at = ${editedAt}, own_edit = null${values.map(([name, value]) => `, ${name} = ${value}`).join('')},
      -- As they were sent, by which a repeated send is still known.
      sent_digest = coalesce(sent_digest, case when client_id is not null then sha256(convert_to(contents, 'UTF8')) end)`;
  const [edited] = await tx.$queryRawUnsafe<{ message: MessageRow }[]>(
    `update public.message m
    set pts = $3::int8, edit_client_id = $4, ${changes}
    from (
      select clock_timestamp() as now${kept.join('')} from (select $5::int8, $6::int8) target
    ) given
    where m.id = $1::int8 and (${contents} <> $2${differences})
    returning ${projection.json('m', edit.isInShadow ? READ_BY_AUTHOR : undefined)} as message`,
    id,
    edit.contents,
    edit.pts,
    edit.clientId ?? null,
    chat_id,
    author_id,
    ...edit.inputs.map(({ type, value }) => parameterOf(type, value)),
  );
  return edited?.message;
}

/**
 * Runs within a change of the chat: removes the message, and lets the chat's last message follow.
 * @returns its tombstone; undefined when it was removed first.
 */
export async function removeMessage(
  tx: Transaction,
  message: Omit<OwnedMessage, 'thread_id'>,
): Promise<Tombstone | undefined> {
  const id = BigInt(message.id);
  const chatId = BigInt(message.chat_id);
  const found = await tx.message.findUnique({ where: { id }, select: { client_id: true, shadowed: true } });
  if (!found) return undefined;
  const { client_id, shadowed } = found;
  const chat = await tx.chat.findUniqueOrThrow({
    where: { id: chatId },
    select: { last_message_id: true, created_at: true },
  });
  if (chat.last_message_id === id) {
    const previous = await tx.message.findFirst({
      where: { chat_id: chatId, id: { lt: id }, shadowed: null },
      orderBy: { id: 'desc' },
      select: { id: true, created_at: true },
    });
    await tx.chat.update({
      where: { id: chatId },
      data: {
        last_message_id: previous?.id ?? null,
        last_activity_at: previous?.created_at ?? chat.created_at,
      },
    });
  }
  if (shadowed) {
    await tx.$executeRaw`
      update public.chat_participant set shadow_message_id = (
        select max(id) from public.message
        where chat_id = ${chatId} and author_id = ${message.author_id} and shadowed and id < ${id}
      )
      where chat_id = ${chatId} and user_id = ${message.author_id} and shadow_message_id = ${id}`;
  }
  await tx.message.delete({ where: { id } });
  return { id: message.id, author_id: message.author_id, client_id, ...(shadowed && { shadowed }) };
}
