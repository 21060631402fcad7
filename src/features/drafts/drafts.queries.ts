import type { Transaction } from '../../database/index.js';

/** A draft as it is stored. */
export interface StoredDraft {
  readonly draft: string | null;
  readonly draft_reply_to_id: number | null;
  readonly draft_revision: number;
}

/** Locks it until the transaction ends. @returns undefined when the user takes no part in such a chat, or is gone. */
export async function lockDraft(tx: Transaction, userId: number, chatId: number): Promise<StoredDraft | undefined> {
  const [row] = await tx.$queryRaw<{ draft: string | null; draft_reply_to_id: bigint | null; draft_me_pts: bigint }[]>`
    select draft, draft_reply_to_id, draft_me_pts from public.chat_participant
    where chat_id = ${chatId} and user_id = ${userId}
      and exists (select from public."user" where id = ${userId} and erased_at is null)
    for no key update`;
  return (
    row && {
      draft: row.draft,
      draft_reply_to_id: row.draft_reply_to_id === null ? null : Number(row.draft_reply_to_id),
      draft_revision: Number(row.draft_me_pts),
    }
  );
}

export async function writeDraft(tx: Transaction, userId: number, chatId: number, stored: StoredDraft): Promise<void> {
  const { draft, draft_reply_to_id, draft_revision: draft_me_pts } = stored;
  const where = { chat_id_user_id: { chat_id: BigInt(chatId), user_id: BigInt(userId) } };
  const data = { draft, draft_reply_to_id, draft_me_pts };
  await tx.chatParticipant.update({ where, data, select: { chat_id: true } });
}
