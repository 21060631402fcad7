import { randomBytes } from 'node:crypto';
import type { Database, Transaction } from '../../database/index.js';
import { IDLE_SECONDS } from '../../tokens/index.js';

const SALT_BYTES = 16;

export interface StoredSession {
  /** Whether nobody can use the account of the user. */
  readonly isSuspended: boolean;
  readonly hasEnded: boolean;
  readonly hasExpired: boolean;
  readonly id: number;
  readonly user_id: number;
  readonly salt: Uint8Array;
  readonly counter: number;
  readonly is_repeated: boolean;
  readonly was_repeated: boolean;
}

interface Client {
  /** What it calls the device. */
  readonly device: string | undefined;
  readonly address: string;
}

/** In ms since 1970. */
interface EndedSession {
  readonly id: number;
  readonly tokensUntil: number;
}

export async function createSession(db: Transaction, userId: number, client: Client): Promise<StoredSession> {
  const { id, ...session } = await db.session.create({
    data: {
      user_id: BigInt(userId),
      device: client.device ?? null,
      address: client.address.slice(0, 64),
      expires_at: new Date(Date.now() + IDLE_SECONDS * 1000),
      salt: new Uint8Array(randomBytes(SALT_BYTES)),
    },
    select: { id: true, salt: true, counter: true, is_repeated: true, was_repeated: true },
  });
  return { ...session, id: Number(id), user_id: userId, isSuspended: false, hasEnded: false, hasExpired: false };
}

/**
 * The session of that name that goes on, or a new one. The host application makes its tokens, so it has no refresh token.
 * @param expiresAt when the last of its tokens expires, in ms since 1970.
 */
export async function takeLabelledSession(
  db: Transaction,
  userId: number,
  label: string,
  expiresAt: number,
): Promise<number> {
  const [session] = await db.$queryRaw<[{ id: bigint }]>`
    insert into public.session (user_id, label, device, expires_at, salt)
    values (${userId}, ${label}, ${label}, ${new Date(expiresAt)}, ${randomBytes(SALT_BYTES)})
    on conflict (user_id, label) where label is not null and ended_at is null
    do update set expires_at = greatest(session.expires_at, excluded.expires_at), last_seen_at = now()
    returning id`;
  return Number(session.id);
}

/** Locked until the transaction ends. @returns undefined for a session that there is not. */
export async function lockSession(tx: Transaction, sessionId: number): Promise<StoredSession | undefined> {
  const [row] = await tx.$queryRaw<(Omit<StoredSession, 'id' | 'user_id'> & { id: bigint; user_id: bigint })[]>`
    select id, user_id, salt, counter, is_repeated, was_repeated, 
      ended_at is not null
        or exists (select from public."user" u where u.id = session.user_id and u.erased_at is not null) as "hasEnded",
      expires_at <= now() as "hasExpired",
      exists (select from public."user" u where u.id = session.user_id and u.suspended_at is not null) as "isSuspended"
    from public.session where id = ${sessionId} for no key update`;
  return row && { ...row, id: Number(row.id), user_id: Number(row.user_id) };
}

export async function updateSession(
  tx: Transaction,
  sessionId: number,
  change: Partial<Pick<StoredSession, 'counter' | 'is_repeated' | 'was_repeated'>>,
  address: string,
): Promise<void> {
  const now = Date.now();
  await tx.session.update({
    where: { id: BigInt(sessionId) },
    data: {
      ...change,
      address: address.slice(0, 64),
      last_seen_at: new Date(now),
      expires_at: new Date(now + IDLE_SECONDS * 1000),
    },
    select: { id: true },
  });
}

/** @returns which of the user's sessions have ended by it, and until when tokens of theirs that the host application has made would be good. */
export async function endSessions(
  tx: Transaction,
  userId: number,
  which: { readonly only?: number; readonly except?: number | undefined },
): Promise<EndedSession[]> {
  const ended = await tx.$queryRaw<{ id: bigint; expires_at: Date | null }[]>`
    update public.session set ended_at = now()
    where user_id = ${userId} and ended_at is null
      and (${which.only ?? null}::int8 is null or id = ${which.only ?? null}::int8)
      and id <> ${which.except ?? 0}::int8
    returning id, case when label is not null then expires_at end as expires_at`;
  return ended.map(({ id, expires_at }) => ({ id: Number(id), tokensUntil: expires_at?.getTime() ?? 0 }));
}

/** Those that go on, the one that was used last first. */
export async function listSessions(db: Database, userId: number) {
  return db.session.findMany({
    where: { user_id: BigInt(userId), ended_at: null, expires_at: { gt: new Date() } },
    orderBy: [{ last_seen_at: 'desc' }, { id: 'desc' }],
    select: { id: true, device: true, address: true, created_at: true, last_seen_at: true },
  });
}
