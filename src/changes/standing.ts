import type { Transaction } from '../database/index.js';
import { chatDoesNotExist, defineError } from '../shared/errors.js';
import { RIGHTS_IN_PRIVATE, rightsOf, type Right, type Role } from '../shared/rights.js';

export const rightMissing = defineError(403, 'RIGHT_MISSING', 'Your role in this group does not let you do this.');

/** What somebody is in a chat. */
export interface Standing {
  readonly isGroup: boolean;
  readonly role: Role;
  readonly rights: readonly Right[];
}

/** Within a change of the chat. @returns undefined when they take no part in it. */
export async function readStanding(tx: Transaction, chatId: number, userId: number): Promise<Standing | undefined> {
  const [found] = await tx.$queryRaw<{ is_group: boolean; role: Role; member_rights: Right[] | null }[]>`
    select chat.type = 'group' as is_group, p.role::text as role, chat.member_rights
    from public.chat_participant p
    join public.chat on chat.id = p.chat_id
    where p.chat_id = ${chatId} and p.user_id = ${userId}`;
  if (!found) return undefined;
  const { is_group: isGroup, role, member_rights } = found;
  return { isGroup, role, rights: isGroup ? rightsOf(role, member_rights) : RIGHTS_IN_PRIVATE };
}

/**
 * The one question of every act in a chat but the send, which asks it in its statement.
 * @throws CHAT_DOES_NOT_EXIST when they take no part in it; RIGHT_MISSING, or what is given in its place.
 */
export async function requireRight(
  tx: Transaction,
  chatId: number,
  userId: number,
  right: Right,
  refuse: () => Error = rightMissing,
): Promise<Standing> {
  const standing = await readStanding(tx, chatId, userId);
  if (!standing) throw chatDoesNotExist();
  if (!standing.rights.includes(right)) throw refuse();
  return standing;
}
