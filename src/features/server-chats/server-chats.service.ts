import { audit } from '../../audit/index.js';
import { chatDoesNotExist, commitChange } from '../../changes/index.js';
import { isUniqueViolation, type Prisma, type Transaction } from '../../database/index.js';
import { chatAdvanced } from '../../realtime/index.js';
import { isSameCustomData } from '../../shared/custom-data.js';
import { validationError } from '../../shared/errors.js';
import { sha256 } from '../../shared/sha256.js';
import {
  applyDetails,
  chatUpdated,
  differenceOf,
  groupRules,
  notAGroup,
  readDetails,
  toColumns,
  updateDetails,
  type ChatDetails,
} from '../chats/index.js';
import { notAcceptingMessages } from '../messages/index.js';
import { createChat, findPrivateChatId, mayOpenPrivateChat } from '../opening/index.js';
import { appUserId } from './app-user.js';
import { findChatId, keyOf } from './chat-ref.js';
import { addMembers, requireMembers, type HostContext } from './members.service.js';
import { chatKeyConflict } from './server-chats.errors.js';
import {
  serverChatProjection,
  type FindChat,
  type PutChat,
  type ServerChat,
  type ServerChatOutcome,
} from './server-chats.schemas.js';

export async function readServerChat(db: Transaction, chatId: number): Promise<ServerChat> {
  const [row] = await db.$queryRawUnsafe<{ chat: ServerChat }[]>(
    `select ${serverChatProjection.json('chat')} as chat from public.chat where id = $1::int8`,
    chatId,
  );
  if (!row) throw chatDoesNotExist();
  return row.chat;
}

/**
 * Opens the chat of the key, or brings it to what is wanted. Many at once open one.
 * @throws CHAT_DOES_NOT_EXIST for an unknown id of this server; USER_NOT_EXISTS, NOT_A_GROUP, CHAT_KEY_CONFLICT,
 *   NOT_ACCEPTING_MESSAGES, VALIDATION_ERROR.
 */
export async function putChat(context: HostContext, ref: string, wanted: PutChat): Promise<ServerChatOutcome> {
  const { db } = context;
  const key = keyOf(ref);
  const known = await findChatId(db, ref);
  if (known !== undefined) return bringTo(context, known, wanted);
  if (key === undefined) throw chatDoesNotExist();
  const { type = 'group', owner, members = [], ...details } = wanted;
  const userIds = await requireMembers(db, owner === undefined ? members : [owner, ...members]);
  if (type === 'private') return putPrivateChat(context, userIds, details, key);
  const data = { key };
  const chat = await openGroup(context, userIds, { name: key, ...details }, data, owner !== undefined);
  // Another request was quicker.
  return chat ?? bringTo(context, await requireOpened(db, { key }), wanted);
}

/**
 * The chat of exactly these people, which is opened if there is none. Many at once open one.
 * @throws USER_NOT_EXISTS, NOT_ACCEPTING_MESSAGES, VALIDATION_ERROR.
 */
export async function findOrOpenChat(context: HostContext, wanted: FindChat): Promise<ServerChatOutcome> {
  const { db } = context;
  const { type = 'group', members, ...details } = wanted;
  const userIds = await requireMembers(db, members);
  if (type === 'private') return putPrivateChat(context, userIds, details);
  const members_digest = digestOf(userIds);
  const found = await db.chat.findUnique({ where: { members_digest }, select: { id: true } });
  if (found) return { outcome: 'unchanged', chat: await readServerChat(db, Number(found.id)) };
  const chat = await openGroup(context, userIds, { name: 'Group', ...details }, { members_digest }, false);
  if (chat) return chat;
  return { outcome: 'unchanged', chat: await readServerChat(db, await requireOpened(db, { members_digest })) };
}

function digestOf(userIds: readonly number[]): Uint8Array<ArrayBuffer> {
  return sha256([...userIds].sort((one, other) => one - other).join());
}

type Details = Omit<PutChat, 'type' | 'owner' | 'members' | 'history_from'>;

const RULES = Object.keys(groupRules) as (keyof typeof groupRules)[];

/** Those of the rules that are given. */
function rulesIn(details: Details): (keyof typeof groupRules)[] {
  return RULES.filter((rule) => details[rule] !== undefined);
}

/** A private chat has no rule but the time after which its messages disappear. @throws NOT_A_GROUP */
function requireForPrivate(details: Details): void {
  if (details.name !== undefined || rulesIn(details).some((rule) => rule !== 'disappear_after_seconds'))
    throw notAGroup();
}

const NOTHING: ChatDetails = {
  ...{ name: null, avatar_url: null, custom: null, trusted: null, internal: null, description: null },
  ...{ member_rights: null, frozen_at: null, slow_mode_seconds: null, history_from_now: null, no_forward: null },
  ...{ disappear_after_seconds: null, is_public: null },
};

/** @returns undefined when there is one with the same key, or of the same people. */
async function openGroup(
  context: HostContext,
  userIds: readonly number[],
  details: Details & { readonly name: string },
  unique: Pick<Prisma.ChatUncheckedCreateInput, 'key' | 'members_digest'>,
  hasOwner: boolean,
): Promise<ServerChatOutcome | undefined> {
  const creatorId = await appUserId(context.db);
  const ownerId = hasOwner ? userIds[0] : undefined;
  const otherIds = hasOwner ? userIds.slice(1) : userIds;
  const { name, ...columns } = toColumns(applyDetails(NOTHING, details));
  const group = { type: 'group' as const, name: name ?? details.name, clientId: undefined };
  const data = { ...columns, ...('key' in unique && unique) };
  return open(context, { ...group, creatorId, otherIds, host: { ownerId, data } }, unique);
}

async function putPrivateChat(
  context: HostContext,
  userIds: readonly number[],
  details: Details,
  key?: string,
): Promise<ServerChatOutcome> {
  const [oneId, otherId, ...more] = userIds;
  if (oneId === undefined || otherId === undefined || more.length > 0)
    throw validationError({ errors: { members: 'must be two users' } });
  requireForPrivate(details);
  const data = { ...toColumns(applyDetails(NOTHING, details)), ...(key !== undefined && { key }) };
  const host = { ownerId: oneId, data };
  const known = await findPrivateChatId(context.db, oneId, otherId);
  if (known === undefined) await requireOpen(context.db, oneId, otherId);
  const chat =
    known === undefined
      ? await open(context, { type: 'private', creatorId: oneId, otherIds: [otherId], host }, {})
      : undefined;
  if (chat) return chat;
  const chatId = await findPrivateChatId(context.db, oneId, otherId);
  // The key is of another chat, which was opened meanwhile.
  if (chatId === undefined) throw chatKeyConflict();
  if (key !== undefined) await takeKey(context.db, chatId, key);
  return bringTo(context, chatId, details);
}

/** Both must take messages of new people: the application does not say who of them wants to write. @throws NOT_ACCEPTING_MESSAGES */
async function requireOpen(db: Transaction, oneId: number, otherId: number): Promise<void> {
  const isOpen = (await mayOpenPrivateChat(db, oneId, otherId)) && (await mayOpenPrivateChat(db, otherId, oneId));
  if (!isOpen) throw notAcceptingMessages();
}

/** @throws CHAT_KEY_CONFLICT */
async function takeKey(db: Transaction, chatId: number, key: string): Promise<void> {
  const id = BigInt(chatId);
  try {
    const { count } = await db.chat.updateMany({ where: { id, OR: [{ key: null }, { key }] }, data: { key } });
    if (count === 0) throw chatKeyConflict();
  } catch (error) {
    throw isUniqueViolation(error) ? chatKeyConflict() : error;
  }
}

async function open(
  context: HostContext,
  chat: Parameters<typeof createChat>[1],
  { members_digest }: Pick<Prisma.ChatUncheckedCreateInput, 'members_digest'>,
): Promise<ServerChatOutcome | undefined> {
  const { db, live, actor } = context;
  try {
    const { created, opened } = await db.inTransaction(chat.creatorId, async (tx) => {
      const created = await createChat(tx, chat);
      // Adding its people has taken the digest away.
      if (members_digest) {
        await tx.chat.update({ where: { id: BigInt(created.id) }, data: { members_digest }, select: { id: true } });
      }
      await audit(tx, { actor, action: 'chat.created', details: { chat_id: created.id } });
      return { created, opened: await readServerChat(tx, created.id) };
    });
    const ownerId = chat.host?.ownerId;
    const userIds = [...(ownerId === undefined ? [] : [ownerId]), ...created.addedIds];
    live.publishToUsers(userIds, chatAdvanced(created.id, created.pts));
    return { outcome: 'created', chat: opened };
  } catch (error) {
    if (isUniqueViolation(error)) return undefined;
    throw error;
  }
}

async function requireOpened(db: Transaction, where: Prisma.ChatWhereUniqueInput): Promise<number> {
  return Number((await db.chat.findUniqueOrThrow({ where, select: { id: true } })).id);
}

/** Gives the chat the wanted details and people. */
async function bringTo(context: HostContext, chatId: number, wanted: PutChat): Promise<ServerChatOutcome> {
  const { db } = context;
  const { members = [], type, history_from = 'all' } = wanted;
  let outcome = await changeDetails(context, chatId, type, wanted);
  const { type: isType } = await readServerChat(db, chatId);
  if (members.length > 0 && isType === 'group') {
    const { changed } = await addMembers(context, chatId, { members, history_from });
    if (changed > 0) outcome = 'updated';
  }
  return { outcome, chat: await readServerChat(db, chatId) };
}

async function changeDetails(
  context: HostContext,
  chatId: number,
  type: PutChat['type'],
  details: Details,
): Promise<'updated' | 'unchanged'> {
  const actorId = await appUserId(context.db);
  const state = { changed: false };
  await commitChange(
    context,
    chatUpdated,
    { chatId, actorId, byServer: true },
    {
      write: async (tx) => {
        const before = await readDetails(tx, chatId);
        const isPrivate = before.name === null;
        if (isPrivate && type === 'group') throw notAGroup();
        if (isPrivate) requireForPrivate(details);
        const after = applyDetails(before, details);
        const difference = differenceOf(before, after);
        const hasOtherInternal = !isSameCustomData(before.internal, after.internal);
        state.changed = difference !== undefined || hasOtherInternal;
        if (!state.changed) return undefined;
        const updated_at = await updateDetails(tx, chatId, after);
        const rules = rulesIn(details).filter(
          (rule) => difference && (rule === 'frozen' ? 'frozen_at' : rule) in difference,
        );
        if (rules.length > 0)
          await audit(tx, { actor: context.actor, action: 'chat.rules_changed', details: { chat_id: chatId, rules } });
        return difference && { ...difference, updated_at };
      },
      answer: () => Promise.resolve(),
    },
  );
  return state.changed ? 'updated' : 'unchanged';
}
