import {
  chatDoesNotExist,
  commitChange,
  readStanding,
  refusalOf,
  rightMissing,
  type Context,
  type Standing,
} from '../../changes/index.js';
import { isAbove, type Role } from '../../shared/rights.js';
import { notAGroup } from '../chats/index.js';
import { participantDoesNotExist, rankTooLow, tellOfRole, type RoleGiven } from '../participants/index.js';
import { assignRole, type WantedRole } from './assign-role.js';
import { participantUpdated } from './role.changes.js';

/**
 * A role that is there already changes nothing.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, PARTICIPANT_DOES_NOT_EXIST, RIGHT_MISSING, RANK_TOO_LOW.
 */
export async function changeRole(context: Context, actorId: number, chatId: number, wanted: WantedRole): Promise<void> {
  let given: readonly RoleGiven[] = [];
  await commitChange(
    context,
    participantUpdated,
    { chatId, actorId },
    {
      write: async (tx) => {
        const actor = await readStanding(tx, chatId, actorId);
        if (!actor) throw chatDoesNotExist();
        if (!actor.isGroup) throw notAGroup();
        const other = await readStanding(tx, chatId, wanted.userId);
        if (!other) throw participantDoesNotExist();
        requireMayGive(actor, other, wanted.role, wanted.userId === actorId);
        if (other.role === wanted.role) return undefined;
        const change = await assignRole(tx, chatId, wanted);
        given = change.given;
        return change.stored;
      },
      answer: () => Promise.resolve(),
    },
  );
  for (const each of given) tellOfRole(context.live, each);
}

/** @throws RIGHT_MISSING, RANK_TOO_LOW. */
function requireMayGive(actor: Standing, other: Standing, role: Role, isOneself: boolean): void {
  if (isOneself) {
    // An owner who steps down names the next one.
    if (role !== other.role && (actor.role === 'owner' || !isAbove(actor.role, role))) throw rightMissing();
    return;
  }
  if (!actor.rights.includes(role === 'owner' ? 'hand_over' : 'set_roles')) throw refusalOf(actor);
  if (!isAbove(actor.role, other.rank) || (role !== 'owner' && !isAbove(actor.role, role))) throw rankTooLow();
}
