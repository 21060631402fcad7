import { chatAsJson, toJsonColumn, type ReadModel, type Transaction } from '../../database/index.js';
import type { CustomData } from '../../shared/custom-data.js';
import type { Right } from '../../shared/rights.js';
import { participationJson, settingsProjection } from './chat.fields.js';
import type { ChatSettings, ChatWithParticipants } from './chats.schemas.js';

/**
 * The chat as the user sees it inside of the transaction.
 * @param participants how many are named; null: all.
 * @throws Error when they take no part in it.
 */
export async function readChat(
  tx: Transaction,
  { chat, person }: ReadModel,
  userId: number,
  chatId: number,
  participants?: number,
): Promise<ChatWithParticipants> {
  const [row] = await tx.$queryRawUnsafe<{ chat: ChatWithParticipants }[]>(
    chatAsJson(chat, person),
    userId,
    chatId,
    participants ?? null,
  );
  if (!row) throw new Error(`The user ${userId} takes no part in the chat ${chatId}.`);
  return row.chat;
}

/** What the chat is to the user; undefined: they take no part in it. */
export async function readSettings(tx: Transaction, userId: number, chatId: number): Promise<ChatSettings | undefined> {
  const [row] = await tx.$queryRawUnsafe<[{ settings: ChatSettings | null }]>(
    `select ${participationJson(settingsProjection, '$1::int8', '$2::int8')} as settings`,
    userId,
    chatId,
  );
  return row.settings ?? undefined;
}

/** What decides how a chat may be changed. */
export async function findKind(
  tx: Transaction,
  chatId: number,
): Promise<{ isGroup: boolean; lastMessageId: number | null; isHistoryHidden: boolean }> {
  const { type, last_message_id, history_from_now } = await tx.chat.findUniqueOrThrow({
    where: { id: BigInt(chatId) },
    select: { type: true, last_message_id: true, history_from_now: true },
  });
  const lastMessageId = last_message_id === null ? null : Number(last_message_id);
  return { isGroup: type === 'group', lastMessageId, isHistoryHidden: history_from_now === true };
}

/** What can be changed about a chat, as it is stored. */
export interface ChatDetails {
  /** null: it is a private chat. */
  readonly name: string | null;
  readonly avatar_url: string | null;
  readonly custom: CustomData | null;
  readonly trusted: CustomData | null;
  /** For the host application alone. */
  readonly internal: CustomData | null;
  readonly description: string | null;
  /** null: the usual. */
  readonly member_rights: readonly Right[] | null;
  readonly frozen_at: Date | null;
  /** null: none. */
  readonly slow_mode_seconds: number | null;
  readonly no_forward: boolean | null;
  readonly is_public: boolean | null;
  readonly history_from_now: boolean | null;
  /** null: none disappears. */
  readonly disappear_after_seconds: number | null;
}

const GROUP_COLUMNS = {
  ...{ description: true, member_rights: true, frozen_at: true },
  ...{ slow_mode_seconds: true, no_forward: true, history_from_now: true },
  ...{ disappear_after_seconds: true, is_public: true },
};

/** Within a change of the chat. */
export async function readDetails(tx: Transaction, chatId: number): Promise<ChatDetails> {
  const found = await tx.chat.findUniqueOrThrow({
    where: { id: BigInt(chatId) },
    select: { name: true, avatar_url: true, custom: true, trusted: true, internal: true, ...GROUP_COLUMNS },
  });
  return found as unknown as ChatDetails;
}

/** The details as Prisma takes them. */
export function toColumns({ custom, trusted, internal, member_rights, ...columns }: ChatDetails) {
  return {
    ...columns,
    member_rights: toJsonColumn(member_rights),
    custom: toJsonColumn(custom),
    trusted: toJsonColumn(trusted),
    internal: toJsonColumn(internal),
  };
}

/** Within a change of the chat. @returns when that was. */
export async function updateDetails(tx: Transaction, chatId: number, details: ChatDetails): Promise<string> {
  const updated_at = new Date();
  const data = { ...toColumns(details), updated_at };
  await tx.chat.update({ where: { id: BigInt(chatId) }, data, select: { id: true } });
  return updated_at.toISOString();
}
