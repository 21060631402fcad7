import type { Database } from '../../database/index.js';
import { entryProjection, type AuditLogEntry, type AuditLogQuery } from './audit-log.schemas.js';

/** The newest first. */
export async function findEntries(
  db: Database,
  { action, user_id, cursor }: AuditLogQuery,
  limit: number,
): Promise<AuditLogEntry[]> {
  const values: unknown[] = [limit];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    ...(cursor === undefined ? [] : [`id < ${bind(cursor)}::int8`]),
    ...(action === undefined ? [] : [`action = ${bind(action)}`]),
    ...(user_id === undefined ? [] : [`user_id = ${bind(user_id)}::int8`]),
  ];
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const rows = await db.$queryRawUnsafe<{ found: AuditLogEntry }[]>(
    `select ${entryProjection.json('found')} as found
    from (select * from public.audit_log ${where} order by id desc limit $1::int8) found order by id desc`,
    ...values,
  );
  return rows.map(({ found }) => found);
}
