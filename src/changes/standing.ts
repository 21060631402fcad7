import type { Transaction } from '../database/index.js';
import { chatDoesNotExist, defineError } from '../shared/errors.js';
import type { DescribedError } from '../shared/schema.js';
import { RIGHTS_IN_PRIVATE, rightsOf, type Right, type Role } from '../shared/rights.js';

export const rightMissing = defineError(403, 'RIGHT_MISSING', 'Your role in this group does not let you do this.');

export const restricted = defineError(
  403,
  'RESTRICTED',
  'You are restricted in this group: you can read, and nothing else.',
);

export const RESTRICTED: DescribedError = [restricted, { until: '2026-11-30T09:00:00.000Z' }];

/** Why a right is refused that the role does not have: a restriction takes them all. */
export const RIGHT_ERRORS: readonly DescribedError[] = [rightMissing, RESTRICTED];

/** What somebody is in a chat. */
export interface Standing {
  readonly isGroup: boolean;
  readonly role: Role;
  /** The role that counts when others act on them: of who is restricted the one that they get back. */
  readonly rank: Role;
  readonly rights: readonly Right[];
  /** That a moderator has made them a reader for a time. */
  readonly restriction: { readonly until: Date | null } | undefined;
}

/** Within a change of the chat. @returns undefined when they take no part in it. */
export async function readStanding(tx: Transaction, chatId: number, userId: number): Promise<Standing | undefined> {
  const [found] = await tx.$queryRaw<
    { is_group: boolean; role: Role; member_rights: Right[] | null; role_before: Role | null; until: Date | null }[]
  >`
    select chat.type = 'group' as is_group, p.role::text as role, chat.member_rights, s.role_before::text, s.until
    from public.chat_participant p
    join public.chat on chat.id = p.chat_id
    left join public.chat_sanction s on s.chat_id = p.chat_id and s.user_id = p.user_id and s.kind = 'restriction'
    where p.chat_id = ${chatId} and p.user_id = ${userId}`;
  if (!found) return undefined;
  const { is_group: isGroup, role, member_rights, role_before, until } = found;
  return {
    ...{ isGroup, role, rank: role_before ?? role },
    rights: isGroup ? rightsOf(role, member_rights) : RIGHTS_IN_PRIVATE,
    restriction: role_before === null ? undefined : { until },
  };
}

/** Why somebody may not do what they have no right to. @param refuse unless they are restricted. */
export function refusalOf({ restriction }: Standing, refuse: () => Error = rightMissing): Error {
  return restriction ? restricted({ until: restriction.until?.toISOString() }) : refuse();
}

/** The same, looked up. */
export async function findRefusal(tx: Transaction, chatId: number, userId: number): Promise<Error> {
  const standing = await readStanding(tx, chatId, userId);
  return standing ? refusalOf(standing) : rightMissing();
}

/**
 * The one question of every act in a chat but the send, which asks it in its statement.
 * @throws CHAT_DOES_NOT_EXIST when they take no part in it; RIGHT_MISSING, or what is given in its place; RESTRICTED.
 */
export async function requireRight(
  tx: Transaction,
  chatId: number,
  userId: number,
  right: Right,
  refuse?: () => Error,
): Promise<Standing> {
  const standing = await readStanding(tx, chatId, userId);
  if (!standing) throw chatDoesNotExist();
  if (!standing.rights.includes(right)) throw refusalOf(standing, refuse);
  return standing;
}
