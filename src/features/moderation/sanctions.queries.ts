import { utcJson, claimDue, type Transaction } from '../../database/index.js';
import type { Role } from '../../shared/rights.js';
import { personProjection } from '../users/index.js';
import type { Sanction } from './sanctions.schemas.js';

export type SanctionKind = 'restriction' | 'ban' | 'shadow';

export interface KeptSanction {
  readonly userId: number;
  readonly kind: SanctionKind;
  readonly until: Date | null;
  readonly reason: string;
  /** Of a restriction: the role that the user gets back. */
  readonly roleBefore: Role | null;
}

/** Of somebody in a group. */
export interface Target {
  readonly chatId: number;
  readonly userId: number;
}

/** Within a change of the group, which has its lock. @returns undefined when there is none. */
export async function findSanction(
  tx: Transaction,
  { chatId, userId }: Target,
  kind: SanctionKind,
): Promise<KeptSanction | undefined> {
  const found = await tx.chatSanction.findUnique({
    where: { chat_id_user_id_kind: { chat_id: BigInt(chatId), user_id: BigInt(userId), kind } },
    select: { until: true, reason: true, role_before: true },
  });
  if (!found) return undefined;
  const { until, reason, role_before: roleBefore } = found;
  return { userId, kind, until, reason, roleBefore };
}

/** Whether it is made anew as it is already. */
export function isSame(
  before: KeptSanction | undefined,
  { reason, until }: Pick<KeptSanction, 'reason' | 'until'>,
): boolean {
  return before?.reason === reason && before.until?.getTime() === until?.getTime();
}

/** In place of the one that is there: who makes it now has taken it on. */
export async function keepSanction(
  tx: Transaction,
  chatId: number,
  { userId, kind, until, reason, roleBefore }: KeptSanction,
  actorId: number,
): Promise<void> {
  const key = { chat_id: BigInt(chatId), user_id: BigInt(userId), kind };
  const data = {
    ...{ until, reason, role_before: roleBefore, actor_id: BigInt(actorId), created_at: new Date() },
    due_at: kind === 'restriction' ? until : null,
  };
  await tx.chatSanction.upsert({
    where: { chat_id_user_id_kind: key },
    create: { ...key, ...data },
    update: data,
    select: { id: true },
  });
}

/** @returns whether there was one. */
export async function removeSanction(
  tx: Transaction,
  { chatId, userId }: Target,
  kind: SanctionKind,
): Promise<boolean> {
  const where = { chat_id: BigInt(chatId), user_id: BigInt(userId), kind };
  return (await tx.chatSanction.deleteMany({ where })).count > 0;
}

/** Bans have no moment in which they end: those that have ended go when somebody makes another one. */
export async function removeEndedBans(tx: Transaction, chatId: number): Promise<void> {
  await tx.chatSanction.deleteMany({ where: { chat_id: BigInt(chatId), kind: 'ban', until: { lte: new Date() } } });
}

/**
 * Those of a group that have not ended, the newest first, each with its place. Nobody learns that they are in the shadow themselves.
 * @param before exclusive; null begins.
 */
export function listSanctions(
  tx: Transaction,
  { chatId, kind, askerId }: { readonly chatId: number; readonly kind: SanctionKind; readonly askerId: number },
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<{ place: bigint; sanction: Sanction }[]> {
  return tx.$queryRawUnsafe(
    `select s.id as place, json_build_object(
      'user', ${personProjection.json('person')}, 'until', ${utcJson('s.until')}, 'reason', s.reason,
      'created_at', ${utcJson('s.created_at')}, 'actor_id', s.actor_id) as sanction
    from (
      select * from public.chat_sanction
      where chat_id = $1::int8 and kind = $2 and id < coalesce($3::int8, 9223372036854775807)
        and (until is null or until > clock_timestamp()) and not (kind = 'shadow' and user_id = $5::int8)
      order by id desc limit $4::int8
    ) s
    cross join lateral (select * from public."user" where id = s.user_id offset 0) person
    order by s.id desc`,
    chatId,
    kind,
    before,
    limit,
    askerId,
  );
}

/** A restriction whose time has come. */
export interface EndedRestriction extends Target {
  /** Who has made it. */
  readonly actorId: number;
}

/** Takes some whose time has come: see claimDue. */
export async function claimEnded(db: Transaction, limit: number, leaseMs: number): Promise<EndedRestriction[]> {
  const rows = await claimDue<{ chat_id: bigint; user_id: bigint; actor_id: bigint }>(
    db,
    { table: 'chat_sanction', key: 'id' },
    { limit, leaseMs },
    'select chat_id, user_id, actor_id from claimed',
  );
  return rows.map(({ chat_id, user_id, actor_id }) => ({
    ...{ chatId: Number(chat_id), userId: Number(user_id), actorId: Number(actor_id) },
  }));
}
