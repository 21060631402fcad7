import type { Context } from '../../changes/index.js';
import { isUniqueViolation } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { announce, announceToOpener, getChat, readChat, type ChatWithParticipants } from '../chats/index.js';
import { clientIdTaken, notAcceptingMessages } from '../messages/index.js';
import { addPending, requireMet } from '../participants/index.js';
import { findUserIds, type ShortUser } from '../users/index.js';
import { chatExists, chatWithYourself } from './opening.errors.js';
import { createChat, findCreated, findPrivateChatId, mayOpenPrivateChat, type NewChat } from './opening.queries.js';
import type { CreateGroupChat } from './opening.schemas.js';

/**
 * @throws NOT_AUTHORIZED, CHAT_WITH_YOURSELF, USER_NOT_EXISTS; CHAT_EXISTS with the chat of the pair, of which both know;
 *   NOT_ACCEPTING_MESSAGES when the two may not write to each other.
 */
export async function openPrivateChat(
  context: Context,
  userId: number,
  otherId: number,
): Promise<ChatWithParticipants> {
  const { db } = context;
  const people = await readPeople(context, userId, [otherId], 'with_user_id');
  // First of all: somebody who is not there for the user is so also when the two have a chat.
  await db.inTurn(userId, () => requireMet(db, userId, [otherId], 'with_user_id'));
  await refuseSecondChat(context, userId, otherId);
  try {
    return await openChat(context, { type: 'private', creatorId: userId, otherIds: [otherId] }, people);
  } catch (error) {
    // The other side, or another device, was quicker.
    if (isUniqueViolation(error)) await refuseSecondChat(context, userId, otherId);
    throw error;
  }
}

async function refuseSecondChat({ db }: Context, userId: number, otherId: number): Promise<void> {
  const chat_id = await findPrivateChatId(db, userId, otherId);
  if (chat_id !== undefined) throw chatExists({ chat_id });
}

/**
 * Opens the group once, also when the request is repeated under the same client_id.
 * @throws NOT_AUTHORIZED, CHAT_WITH_YOURSELF or USER_NOT_EXISTS; CLIENT_ID_TAKEN when another group was opened under this
 *   client_id; CHAT_DOES_NOT_EXIST for a repeat by somebody who has left the group.
 */
export async function openGroupChat(
  context: Context,
  userId: number,
  { with_ids, name, client_id: clientId }: CreateGroupChat,
): Promise<ChatWithParticipants> {
  const otherIds = [...new Set(with_ids)];
  const earlier = await findEarlierGroup(context, userId, clientId, { name, otherIds });
  if (earlier) return earlier;
  const people = await readPeople(context, userId, otherIds, 'with_ids');
  try {
    return await openChat(context, { type: 'group', creatorId: userId, otherIds, name, clientId }, people);
  } catch (error) {
    // A repeat that was under way at the same time was quicker.
    const opened = isUniqueViolation(error) && (await findEarlierGroup(context, userId, clientId, { name, otherIds }));
    if (opened) return opened;
    throw error;
  }
}

async function findEarlierGroup(
  context: Context,
  userId: number,
  clientId: string | undefined,
  created: { readonly name: string; readonly otherIds: readonly number[] },
): Promise<ChatWithParticipants | undefined> {
  const found = clientId === undefined ? undefined : await findCreated(context.db, userId, clientId, created);
  if (!found) return undefined;
  if (!found.isSame) throw clientIdTaken();
  return { ...(await getChat(context, userId, found.id)), deduplicated: true };
}

/**
 * A large group is opened with the first of its people. The others are added slice by slice, also when this process dies
 * meanwhile, so the answer names them all.
 * @returns the chat as its creator sees it: nothing is read once it is kept, since that could fail.
 */
async function openChat(
  context: Context,
  chat: NewChat,
  people: ReadonlyMap<number, ShortUser>,
): Promise<ChatWithParticipants> {
  const { db, model, live } = context;
  const { creatorId, otherIds } = chat;
  const { created, read } = await db.inTransaction(creatorId, async (tx) => {
    await requireMet(tx, creatorId, otherIds, chat.type === 'private' ? 'with_user_id' : 'with_ids');
    if (chat.type === 'private' && !(await mayOpenPrivateChat(tx, creatorId, otherIds[0] ?? 0)))
      throw notAcceptingMessages();
    const created = await createChat(tx, chat);
    // Who takes part is known, those included who are pending.
    return { created, read: await readChat(tx, model, creatorId, created.id, 0) };
  });
  const participants = [creatorId, ...otherIds].flatMap((id) => people.get(id) ?? []);
  const opened: ChatWithParticipants = { ...read, participant_count: participants.length, participants };
  announceToOpener(live, opened, creatorId);
  if (chat.type === 'group') announce(live, opened, created.addedIds);
  // The other side sees the creator as its peer.
  if (chat.type === 'private') announce(live, { ...opened, peer: participants[0] ?? null }, otherIds);
  if (created.addedIds.length === otherIds.length) return opened;
  // The sweep repeats what fails now.
  const pts = await addPending(context, creatorId, created).catch(() => created.pts);
  return { ...opened, pts };
}

/**
 * @returns all of them.
 * @throws NOT_AUTHORIZED; CHAT_WITH_YOURSELF with the field that names the others.
 */
async function readPeople(
  { db, statements }: Context,
  userId: number,
  otherIds: readonly number[],
  field: string,
): Promise<ReadonlyMap<number, ShortUser>> {
  const [people, known] = await Promise.all([
    statements.user.people(userId, [userId, ...otherIds]),
    db.inTurn(userId, () => findUserIds(db, [userId])),
  ]);
  if (!known.has(userId)) throw notAuthorized();
  if (otherIds.includes(userId)) throw chatWithYourself({ errors: { [field]: 'This is your own id.' } });
  return people as unknown as ReadonlyMap<number, ShortUser>;
}
