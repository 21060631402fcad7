import type { Transaction } from '../../database/index.js';
import { Text, isText } from '../../shared/schema.js';

const EXTERNAL = 'ext:';

const PATTERN = `^(${EXTERNAL}.{1,255}|[1-9][0-9]{0,15})$`;

/** How the host application names a user: by its own id, or by the one of this server. */
export const UserRef = Text({
  pattern: PATTERN,
  maxLength: EXTERNAL.length + 255,
  description: '`ext:` and the id of the user in the host application, or the id of the user here.',
  examples: ['ext:customer-1791'],
});

const REF = new RegExp(PATTERN, 'u');

/** Whether the host application may call a user so. */
export function isExternalId(text: string): boolean {
  return isText(text) && REF.test(EXTERNAL + text);
}

/** What a path escapes, in places that take ASCII alone. */
export function unescapePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @returns undefined for the id of a user here. */
export function externalIdOf(ref: string): string | undefined {
  return ref.startsWith(EXTERNAL) ? ref.slice(EXTERNAL.length) : undefined;
}

/** The users who exist, by their refs. */
export async function findUserIdsByRef(db: Transaction, refs: readonly string[]): Promise<Map<string, number>> {
  const externalIds = refs.flatMap((ref) => externalIdOf(ref) ?? []);
  const ids = refs.filter((ref) => externalIdOf(ref) === undefined && Number.isSafeInteger(Number(ref)));
  const found = await db.user.findMany({
    where: { OR: [{ external_id: { in: externalIds } }, { id: { in: ids.map(BigInt) } }], erased_at: null },
    select: { id: true, external_id: true },
  });
  const byRef = new Map<string, number>();
  for (const { id, external_id } of found) {
    byRef.set(String(id), Number(id));
    if (external_id !== null) byRef.set(EXTERNAL + external_id, Number(id));
  }
  return byRef;
}

/** @param ref in any form: one that no user can have is nobody's. */
export async function findUserId(db: Transaction, ref: string): Promise<number | undefined> {
  if (!isText(ref) || !REF.test(ref)) return undefined;
  return (await findUserIdsByRef(db, [ref])).get(ref);
}
