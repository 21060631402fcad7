import type { Transaction } from '../database/index.js';
import type { Actor } from './actor.js';

/** Everything that the audit log keeps. */
export const AUDIT_ACTIONS = [
  'user.created',
  'user.updated',
  'user.suspended',
  'user.restored',
  'user.logged_out',
  'user.erased',
  'admin.created',
  'admin.granted',
  'admin.revoked',
  'key.created',
  'key.revoked',
  'tokens.revoked',
  'session.ended',
  'session.theft_detected',
  'password.changed',
  'password.reset',
  'email.changed',
  'two_factor.turned_on',
  'two_factor.turned_off',
  'two_factor.recovery_codes_made',
  'two_factor.recovery_code_used',
  'chat.created',
  'chat.members_added',
  'chat.members_removed',
  'chat.member_role_given',
  'chat.rules_changed',
  'chat.member_restricted',
  'chat.member_unrestricted',
  'chat.member_shadowed',
  'chat.member_shadow_lifted',
  'chat.member_banned',
  'chat.member_unbanned',
  'report.claimed',
  'report.resolved',
  'filters.changed',
] as const;

export interface AuditEntry {
  readonly actor: Actor;
  readonly action: (typeof AUDIT_ACTIONS)[number];
  /** Whom it concerns; undefined: nobody in particular. */
  readonly userId?: number | undefined;
  /** Ids, names of fields and scopes, and the reason that a moderator gives: no secret, no e-mail address. */
  readonly details?: Readonly<Record<string, string | number | null | readonly (string | number)[]>>;
}

/** Adds to the audit log, in the transaction of what it tells: neither is kept without the other. */
export async function audit(tx: Transaction, { actor, action, userId, details = {} }: AuditEntry): Promise<void> {
  await tx.auditLog.create({
    data: {
      actor_type: actor.type,
      actor_id: actor.id === null ? null : BigInt(actor.id),
      action,
      user_id: userId === undefined ? null : BigInt(userId),
      address: actor.address?.slice(0, 64) ?? null,
      details: details as Record<string, string>,
    },
    select: { id: true },
  });
}
