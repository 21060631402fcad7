import type { Transaction } from '../../database/index.js';
import type { MessageEdit, MessageRules } from '../feature.js';
import type { Message } from '../messages/index.js';
import { insertVersion } from './versions.queries.js';

/** A message as its projection has it. */
type Shown = Message & { readonly custom?: object };

/** Keeps how a message read before an edit. An edit of whom it names alone leaves nothing to keep. */
export async function keepVersion(
  tx: Transaction,
  { authorId, shadow, ...edit }: MessageEdit,
  { editHistory }: MessageRules,
): Promise<void> {
  const [before, after] = [edit.before as Shown, edit.after as Shown];
  const isSame = before.contents === after.contents && JSON.stringify(before.custom) === JSON.stringify(after.custom);
  if (editHistory.days === 0 || isSame) return;
  const { id, version, contents, custom } = before;
  await insertVersion(tx, { id, authorId, version, contents, custom, replacedAt: after.updated_at, shadow });
}
