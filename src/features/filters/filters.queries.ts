import type { Prisma, StoredFilters, Transaction } from '../../database/index.js';

/** The row stays locked until the transaction ends. */
export async function lockFilters(tx: Transaction): Promise<StoredFilters> {
  const [row] = await tx.$queryRaw<{ version: bigint; settings: object }[]>`
    select version, settings from public.filter_settings for update`;
  if (!row) throw new Error('The row of the filters is gone.');
  return { version: Number(row.version), settings: row.settings };
}

export async function writeFilters(tx: Transaction, { version, settings }: StoredFilters): Promise<void> {
  await tx.filterSettings.update({
    where: { id: true },
    data: { version: BigInt(version), settings: settings as Prisma.InputJsonObject, changed_at: new Date() },
    select: { id: true },
  });
}
