import { isDeepStrictEqual } from 'node:util';
import {
  chatDoesNotExist,
  commitChange,
  readStanding,
  refusalOf,
  type Context,
  type StoredOf,
} from '../../changes/index.js';
import type { Statements } from '../../database/index.js';
import { customDataDifference, patchCustomData } from '../../shared/custom-data.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { RIGHTS_FOR_MEMBERS, RIGHTS_OF_ROLES, type Right } from '../../shared/rights.js';
import { chatUpdated } from './chat.changes.js';
import { decodeChatCursor } from './chats.cursor.js';
import { notAGroup, notTheCreator, publicGroupsOff } from './chats.errors.js';
import { readChat, readDetails, updateDetails, type ChatDetails } from './chats.queries.js';
import type { ChangeChat, Chat, ChatList, ChatListQuery, ChatQuery, ChatWithParticipants } from './chats.schemas.js';

/**
 * @param within the chats that are listed; undefined: all.
 * @throws NOT_AUTHORIZED when the user is gone; VALIDATION_ERROR for a cursor that no page has given.
 */
export async function getChats(
  { statements }: Context,
  userId: number,
  { cursor, limit, ...shown }: ChatListQuery,
  within: ReadonlySet<number> | undefined,
): Promise<ChatList> {
  const filter = { ...shown, within };
  const before = cursor === undefined ? Infinity : decodeChatCursor(cursor);
  // One more than the page has: it tells whether there is another page.
  const rows = await statements.chat.list(userId, { before, limit: limit + 1, ...filter });
  if (rows === undefined) throw notAuthorized();
  const next = rows.slice(0, limit).at(-1)?.last_activity_at ?? null;
  // A page ends between two instants, because its cursor is a time.
  const page = rows.filter(({ last_activity_at }, index) => index < limit || last_activity_at === next);
  // When the chats of its last instant reach beyond the page, what was read does not tell. That is rare.
  const isOpen = rows.length > limit && page.length === rows.length;
  const has_more = isOpen ? await hasChatBefore(statements, userId, next, filter) : page.length < rows.length;
  return { next, has_more, count: page.length, chats: page.map(({ chat }) => chat as Chat) };
}

async function hasChatBefore(
  { chat }: Statements,
  userId: number,
  activity: string | null,
  filter: Pick<ChatListQuery, 'archived' | 'pinned'> & { within: ReadonlySet<number> | undefined },
): Promise<boolean> {
  if (activity === null) return false;
  const rows = await chat.list(userId, { before: Date.parse(activity), limit: 1, ...filter });
  return (rows ?? []).length > 0;
}

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getChat(
  { statements }: Pick<Context, 'statements'>,
  userId: number,
  chatId: number,
  { participants }: ChatQuery = {},
): Promise<ChatWithParticipants> {
  const chat = await statements.chat.find({ userId, chatId, participants });
  if (chat === undefined) throw notAuthorized();
  if (chat === null) throw chatDoesNotExist();
  return chat as ChatWithParticipants;
}

/**
 * What is the same already changes nothing.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP; RIGHT_MISSING, for custom data NOT_THE_CREATOR, without the right;
 *   VALIDATION_ERROR for too much custom data.
 */
export function changeChat(
  context: Context,
  userId: number,
  chatId: number,
  change: ChangeChat,
  { participants }: ChatQuery = {},
): Promise<ChatWithParticipants> {
  return commitChange(
    context,
    chatUpdated,
    { chatId, actorId: userId },
    {
      write: async (tx) => {
        const standing = await readStanding(tx, chatId, userId);
        if (!standing) throw chatDoesNotExist();
        // In a private chat both say when messages disappear, and there is nothing else to change.
        if (!standing.isGroup && Object.keys(change).some((part) => part !== 'disappear_after_seconds'))
          throw notAGroup();
        for (const right of standing.isGroup ? rightsFor(change) : []) {
          if (!standing.rights.includes(right))
            throw refusalOf(standing, right === 'set_custom' ? notTheCreator : undefined);
        }
        const before = await readDetails(tx, chatId);
        const after = applyDetails(before, change);
        const difference = differenceOf(before, after);
        return difference && { ...difference, updated_at: await updateDetails(tx, chatId, after) };
      },
      answer: (tx) => readChat(tx, context.model, userId, chatId, participants),
    },
  );
}

/** @throws PUBLIC_GROUPS_OFF when a group is to be public, and the server lets none be. */
export function requirePublicAllowed(
  config: { readonly publicGroups: boolean },
  change: Pick<ChangeChat, 'public'>,
): void {
  if (change.public === true && !config.publicGroups) throw publicGroupsOff();
}

const MIN_DISAPPEAR_SECONDS = 5;

/** Which right each part of a change needs. */
const RIGHT_FOR: Readonly<Record<keyof ChangeChat, Right>> = {
  name: 'rename',
  avatar_url: 'rename',
  description: 'rename',
  custom: 'set_custom',
  frozen: 'freeze',
  slow_mode_seconds: 'freeze',
  disappear_after_seconds: 'delete_any',
  member_rights: 'set_rights',
  no_forward: 'set_rights',
  history_from_now: 'set_rights',
  public: 'set_rights',
};

function rightsFor(change: ChangeChat): Right[] {
  return (Object.keys(change) as (keyof ChangeChat)[]).map((part) => RIGHT_FOR[part]);
}

/** A change by a participant, or by the host application. */
type DetailsChange = Omit<ChangeChat, 'custom'> & Partial<Pick<ChatDetails, 'custom' | 'trusted' | 'internal'>>;

/** What is not given stays. Of custom data only the names that are given change. @throws VALIDATION_ERROR for too much of it. */
export function applyDetails(before: ChatDetails, change: DetailsChange): ChatDetails {
  const { name = before.name, avatar_url = before.avatar_url, description = before.description } = change;
  const patched = (field: 'custom' | 'trusted' | 'internal') => patchCustomData(field, before[field], change[field]);
  return {
    ...{ name, avatar_url, description: description === '' ? null : description },
    ...{ custom: patched('custom'), trusted: patched('trusted'), internal: patched('internal') },
    ...applyRules(before, change),
  };
}

/** What is usual is null, so that a send to the group looks no further. */
function applyRules(before: ChatDetails, change: DetailsChange) {
  const { member_rights, frozen = before.frozen_at !== null, slow_mode_seconds } = change;
  const { history_from_now = before.history_from_now, no_forward = before.no_forward } = change;
  const { disappear_after_seconds: after, public: isPublic = before.is_public } = change;
  if (after !== undefined && after > 0 && after < MIN_DISAPPEAR_SECONDS)
    throw validationError({ errors: { disappear_after_seconds: `must be 0 or at least ${MIN_DISAPPEAR_SECONDS}` } });
  return {
    member_rights: member_rights ? unusual(member_rights) : before.member_rights,
    frozen_at: frozen ? (before.frozen_at ?? new Date()) : null,
    slow_mode_seconds:
      slow_mode_seconds === undefined ? before.slow_mode_seconds : slow_mode_seconds === 0 ? null : slow_mode_seconds,
    no_forward: no_forward ? true : null,
    history_from_now: history_from_now ? true : null,
    is_public: isPublic ? true : null,
    disappear_after_seconds: after === undefined ? before.disappear_after_seconds : after === 0 ? null : after,
  };
}

/** In the order of the table. null: it is what members usually may. */
function unusual(rights: readonly Right[]): Right[] | null {
  const sorted = RIGHTS_FOR_MEMBERS.filter((right) => rights.includes(right));
  return isDeepStrictEqual(sorted, RIGHTS_OF_ROLES.member) ? null : sorted;
}

/** What the log has of a change: always the name, which clients of the first version expect. undefined: nothing changes. */
export function differenceOf(
  before: ChatDetails,
  after: ChatDetails,
): Omit<StoredOf<typeof chatUpdated>, 'updated_at'> | undefined {
  const { name } = after;
  const custom = customDataDifference(before.custom, after.custom);
  const trusted = customDataDifference(before.trusted, after.trusted);
  const [one, other] = [shownOf(before), shownOf(after)];
  const changed = Object.entries(other).filter(
    ([key, value]) => !isDeepStrictEqual(value, one[key as keyof typeof one]),
  );
  if (name === before.name && changed.length === 0 && !custom && !trusted) return undefined;
  return { name, ...Object.fromEntries(changed), ...(custom && { custom }), ...(trusted && { trusted }) };
}

/** As clients get it. */
function shownOf(details: ChatDetails) {
  const { avatar_url, description, member_rights, frozen_at, slow_mode_seconds, history_from_now } = details;
  const { disappear_after_seconds, no_forward, is_public } = details;
  return {
    ...{ avatar_url, description },
    member_rights: member_rights ?? RIGHTS_OF_ROLES.member,
    frozen_at: frozen_at?.toISOString() ?? null,
    slow_mode_seconds: slow_mode_seconds ?? 0,
    disappear_after_seconds: disappear_after_seconds ?? 0,
    no_forward: no_forward ?? false,
    history_from_now: history_from_now ?? false,
    public: is_public ?? false,
  };
}
