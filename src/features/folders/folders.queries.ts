import type { Prisma, Transaction } from '../../database/index.js';
import type { FolderList } from './folders.schemas.js';

export async function readFolders(db: Transaction, userId: number): Promise<FolderList> {
  const where = { user_id: BigInt(userId) };
  const found = await db.chatFolders.findUnique({ where, select: { folders: true, me_pts: true } });
  return { version: Number(found?.me_pts ?? 0), folders: (found?.folders ?? []) as unknown as FolderList['folders'] };
}

export async function writeFolders(tx: Transaction, userId: number, { version, folders }: FolderList): Promise<void> {
  const user_id = BigInt(userId);
  const stored = { me_pts: BigInt(version), folders: folders as unknown as Prisma.InputJsonArray };
  await tx.chatFolders.upsert({
    where: { user_id },
    create: { user_id, ...stored },
    update: stored,
    select: { user_id: true },
  });
}
