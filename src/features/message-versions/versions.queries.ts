import type { Transaction } from '../../database/index.js';
import type { MessageEdit } from '../feature.js';
import { versionProjection } from './versions.fields.js';
import type { MessageVersionPage } from './versions.schemas.js';

/** The oldest go when a message has more. */
const MAX_VERSIONS = 100;

/** A message as it was before an edit. */
export interface Replaced {
  readonly id: number;
  readonly authorId: number;
  readonly version: number;
  readonly contents: string;
  readonly custom: object | undefined;
  /** When the edit was made. */
  readonly replacedAt: string;
  readonly shadow: MessageEdit['shadow'];
}

/** Within the change of the chat by which it is edited. */
export async function insertVersion(tx: Transaction, replaced: Replaced): Promise<void> {
  const { id, authorId, version, contents, custom, replacedAt, shadow } = replaced;
  await tx.$executeRaw`
    insert into public.message_version (message_id, version, author_id, contents, custom, written_at, replaced_at, shadowed)
    select ${id}, ${version}, ${authorId}, ${contents}, ${custom === undefined ? null : JSON.stringify(custom)}::jsonb,
      coalesce((select max(replaced_at) from public.message_version where message_id = ${id}), m.created_at),
      ${replacedAt}::timestamptz, case when ${shadow !== undefined} then true end
    from public.message m where m.id = ${id}`;
  if (shadow === 'left') {
    // What others have seen all the while has been replaced for them, too.
    await tx.$executeRaw`
      update public.message_version set shadowed = null
      where message_id = ${id} and version = (select min(version) from public.message_version where message_id = ${id} and shadowed)`;
  }
  await tx.$executeRaw`
    delete from public.message_version where message_id = ${id} and version <= (
      select version from public.message_version where message_id = ${id} order by version desc limit 1 offset ${MAX_VERSIONS}
    )`;
}

/** The latest first, as others see them or as their author does. @param days those that were replaced longer ago are left out. */
export async function readVersions(
  db: Transaction,
  messageId: number,
  page: {
    readonly before: number | undefined;
    readonly limit: number;
    readonly days: number;
    readonly isAuthor: boolean;
  },
): Promise<MessageVersionPage['versions']> {
  const rows = await db.$queryRawUnsafe<{ version: MessageVersionPage['versions'][number] }[]>(
    `select ${versionProjection.json('v')} as version
    from public.message_version v
    where v.message_id = $1::int8 and v.version < coalesce($2::int8, 9223372036854775807)
      and v.replaced_at > now() - $4::int8 * interval '1 day' and (v.shadowed is null or $5)
    order by v.version desc limit $3::int8`,
    messageId,
    page.before ?? null,
    page.limit,
    page.days,
    page.isAuthor,
  );
  return rows.map(({ version }) => version);
}

/** @returns how many there were, at the most so many. */
export function removeOldVersions(db: Transaction, days: number, limit: number): Promise<number> {
  return db.$executeRaw`
    delete from public.message_version where (message_id, version) in (
      select message_id, version from public.message_version
      where replaced_at <= now() - ${days}::int8 * interval '1 day'
      order by replaced_at limit ${limit} for update skip locked
    )`;
}

/** Those of all messages of a user. @returns how many there were, at the most so many. */
export function removeVersionsOf(db: Transaction, userId: number, limit: number): Promise<number> {
  return db.$executeRaw`
    delete from public.message_version where (message_id, version) in (
      select message_id, version from public.message_version where author_id = ${userId} limit ${limit}
    )`;
}
