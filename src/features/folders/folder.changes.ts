import { ownKind } from '../../changes/index.js';
import { Ref } from '../../shared/schema.js';
import { FolderList } from './folders.schemas.js';

export const foldersUpdated = ownKind({
  type: 'folders.updated',
  description: 'The user has changed the folders of their chats, perhaps on another device.',
  data: Ref(FolderList),
  changed: (userId) => `select me_pts, user_id as key from public.chat_folders where user_id = ${userId}`,
  state: (userId, key) => `(
        select json_build_object('version', folders.me_pts, 'folders', folders.folders)
        from public.chat_folders folders where folders.user_id = ${userId} and folders.user_id = ${key}
      )`,
});
