import type { FolderList, ShownChat } from 'messenger-client';

type Folder = FolderList['folders'][number];

/** The chats of a folder, in the order of the list. Archived ones are in it when it names them. */
export function inFolder(
  { chat_ids, includes, unread_only }: Folder,
  chats: readonly ShownChat[],
  archived: readonly ShownChat[],
): ShownChat[] {
  const named = new Set(chat_ids);
  const fits = ({ id, type, unread_count, marked_unread }: ShownChat) =>
    named.has(id) || ((includes === 'all' || includes === type) && (!unread_only || unread_count > 0 || marked_unread));
  return [...chats.filter(fits), ...archived.filter(({ id }) => named.has(id))];
}
