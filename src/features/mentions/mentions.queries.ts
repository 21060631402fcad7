import { requireRight } from '../../changes/index.js';
import { whomNamed, type MessageRow, type StoredMentions, type Transaction } from '../../database/index.js';
import type { MessageEdit } from '../feature.js';

type NamingMessage = MessageRow & { readonly mentions?: StoredMentions; readonly silent?: boolean };

/**
 * Whom an edited message names is found as it is then. Who was named before is not named anew, so nothing of theirs changes.
 * @throws RIGHT_MISSING when it newly names everybody, and its author may not.
 */
export async function followEdit(
  tx: Transaction,
  { chatId, authorId, before, after, shadow }: MessageEdit,
): Promise<void> {
  const [{ mentions: named }, { id, mentions, silent }] = [before as NamingMessage, after as NamingMessage];
  if (mentions?.all && !named?.all) await requireRight(tx, chatId, authorId, 'mention_all');
  if (silent || shadow === 'in') return;
  const whom = `(${whomNamed('$2::jsonb')})`;
  const values = [id, JSON.stringify(mentions ?? {})];
  await tx.$executeRawUnsafe(
    `delete from public.mention where message_id = $1::int8 and whom not in (select whom from ${whom} now)`,
    ...values,
  );
  if (!mentions) return;
  await tx.$executeRawUnsafe(
    `insert into public.mention (message_id, chat_id, whom) select $1::int8, $3::int8, whom from ${whom} now on conflict do nothing`,
    ...values,
    chatId,
  );
  await tx.$executeRaw`
    update public.chat set last_mention_id = greatest(last_mention_id, ${id}::int8) where id = ${chatId}::int8`;
}
