import type { StoredOf } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import type { Role } from '../../shared/rights.js';
import { giveRoles, type RoleGiven } from '../participants/index.js';
import type { participantUpdated } from './role.changes.js';

/** Who is to have which role. */
export interface WantedRole {
  readonly userId: number;
  readonly role: Role;
}

/**
 * Within a change of the group, to a participant who has another role. A group has one owner: who was it is an admin from then on.
 * @returns what is stored of the change, and who has to be told.
 */
export async function assignRole(
  tx: Transaction,
  chatId: number,
  wanted: WantedRole,
): Promise<{ readonly stored: StoredOf<typeof participantUpdated>; readonly given: readonly RoleGiven[] }> {
  const where = { chat_id: BigInt(chatId), role: 'owner' as const };
  const owner =
    wanted.role === 'owner' ? await tx.chatParticipant.findFirst({ where, select: { user_id: true } }) : null;
  // First of all a group has no owner: it never has two.
  const roles = [...(owner ? [{ userId: Number(owner.user_id), role: 'admin' as const }] : []), wanted];
  const given = await giveRoles(tx, chatId, roles);
  return { stored: { roles: roles.map(({ userId, role }) => ({ user_id: userId, role })) }, given };
}
