import { audit, type Actor } from '../../audit/index.js';
import type { Database, Transaction } from '../../database/index.js';
import { isScope, type Scope } from './scopes.js';

export interface StoredKey {
  readonly id: number;
  /** The part of the key that is no secret. */
  readonly prefix: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Where it may be used; none: everywhere. */
  readonly allowed_cidrs: readonly string[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

const SHOWN = {
  ...{ id: true, prefix: true, name: true, scopes: true, allowed_cidrs: true, created_at: true },
  ...{ expires_at: true, revoked_at: true, last_used_at: true },
} as const;

type Row = Omit<StoredKey, 'id' | 'scopes'> & { readonly id: bigint; readonly scopes: readonly string[] };

/** Scopes that only a later version knows are left out. */
function toKey({ id, scopes, ...rest }: Row): StoredKey {
  return { id: Number(id), scopes: scopes.filter(isScope), ...rest };
}

export function hasEnded({ revoked_at, expires_at }: Pick<Row, 'revoked_at' | 'expires_at'>): boolean {
  return revoked_at !== null || (expires_at !== null && expires_at <= new Date());
}

/** How exactly the last use is known. */
const USE_MS = 60_000;

/** The key that has the hash, unless it has ended. Notes that it is used. */
export async function useKey(db: Database, hash: Uint8Array<ArrayBuffer>): Promise<StoredKey | undefined> {
  const row = await db.apiKey.findUnique({ where: { secret_hash: hash }, select: SHOWN });
  if (!row || hasEnded(row)) return undefined;
  const now = new Date();
  if (now.getTime() - (row.last_used_at?.getTime() ?? 0) > USE_MS)
    await db.apiKey.updateMany({ where: { id: row.id }, data: { last_used_at: now } });
  return toKey(row);
}

export async function insertKey(
  db: Transaction,
  key: {
    readonly prefix: string;
    readonly secret_hash: Uint8Array<ArrayBuffer>;
    readonly name: string;
    readonly scopes: Scope[];
    readonly allowed_cidrs: string[];
    readonly expires_at: Date | null;
    /** The key that made it; null: an operator did. */
    readonly created_by: bigint | null;
  },
): Promise<StoredKey> {
  return toKey(await db.apiKey.create({ data: key, select: SHOWN }));
}

/** The newest first, those that have ended included. */
export async function listKeys(db: Database): Promise<StoredKey[]> {
  return (await db.apiKey.findMany({ select: SHOWN, orderBy: { id: 'desc' } })).map(toKey);
}

/** @returns whether there is such a key. */
export function revokeKey(
  db: Database,
  key: { readonly id: number } | { readonly prefix: string },
  actor: Actor,
): Promise<boolean> {
  const where = 'id' in key ? { id: BigInt(key.id) } : key;
  return db.inTransaction('keys', async (tx) => {
    const found = await tx.apiKey.findUnique({ where, select: { id: true, prefix: true } });
    if (!found) return false;
    const data = { revoked_at: new Date() };
    const { count } = await tx.apiKey.updateMany({ where: { id: found.id, revoked_at: null }, data });
    const details = { key_id: Number(found.id), prefix: found.prefix };
    if (count > 0) await audit(tx, { actor, action: 'key.revoked', details });
    return true;
  });
}
