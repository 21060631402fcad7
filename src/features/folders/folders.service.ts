import { isDeepStrictEqual } from 'node:util';
import { commitOwnChange, lockUser, type Context } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { getChat } from '../chats/index.js';
import { changedMeanwhile, findUserIds } from '../users/index.js';
import { foldersUpdated } from './folder.changes.js';
import { folderFull, folderNotFound } from './folders.errors.js';
import { readFolders, writeFolders } from './folders.queries.js';
import { MAX_CHATS_OF_FOLDER, type Folder, type FolderList, type SetFolders } from './folders.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getFolders({ db }: Pick<Context, 'db'>, userId: number): Promise<FolderList> {
  const found = await db.inTurn(userId, () => readFolders(db, userId));
  if (found.version === 0 && !(await db.inTurn(userId, () => findUserIds(db, [userId]))).has(userId))
    throw notAuthorized();
  return found;
}

/**
 * What is so already changes nothing.
 * @throws NOT_AUTHORIZED when the user is gone; VALIDATION_ERROR for two folders of one id; CHANGED_MEANWHILE when the folders have another
 *   version than `if_version`.
 */
export function setFolders(
  context: Context,
  userId: number,
  { folders: wanted, if_version: version }: SetFolders,
): Promise<FolderList> {
  const folders = wanted.map(({ includes = 'nothing', ...folder }) => {
    return { ...folder, chat_ids: [...new Set(folder.chat_ids)], includes };
  });
  if (new Set(folders.map(({ id }) => id)).size < folders.length) {
    throw validationError({ errors: { folders: 'must have ids of their own' } });
  }
  return changeFolders(context, userId, (before) => {
    if (isDeepStrictEqual(before.folders, folders)) return before.folders;
    if (version !== undefined && version !== before.version) throw changedMeanwhile();
    return folders;
  });
}

/** Puts a chat into a folder, as its last. @throws CHAT_DOES_NOT_EXIST, FOLDER_FULL, and as takeFromFolder. */
export async function putIntoFolder(
  context: Context,
  userId: number,
  folderId: string,
  chatId: number,
): Promise<FolderList> {
  await getChat(context, userId, chatId, { participants: 0 });
  return changeFolder(context, userId, folderId, (folder) => {
    if (folder.chat_ids.includes(chatId)) return folder;
    if (folder.chat_ids.length === MAX_CHATS_OF_FOLDER) throw folderFull();
    return { ...folder, chat_ids: [...folder.chat_ids, chatId] };
  });
}

/** Whether or not the user is in the chat. @throws NOT_AUTHORIZED when the user is gone; FOLDER_NOT_FOUND. */
export function takeFromFolder(
  context: Context,
  userId: number,
  folderId: string,
  chatId: number,
): Promise<FolderList> {
  return changeFolder(context, userId, folderId, (folder) => {
    return { ...folder, chat_ids: folder.chat_ids.filter((id) => id !== chatId) };
  });
}

function changeFolder(
  context: Context,
  userId: number,
  folderId: string,
  change: (folder: Folder) => Folder,
): Promise<FolderList> {
  return changeFolders(context, userId, ({ folders }) => {
    if (!folders.some(({ id }) => id === folderId)) throw folderNotFound();
    return folders.map((folder) => (folder.id === folderId ? change(folder) : folder));
  });
}

async function changeFolders(
  context: Context,
  userId: number,
  change: (before: FolderList) => FolderList['folders'],
): Promise<FolderList> {
  let list: FolderList | undefined;
  await commitOwnChange(context, foldersUpdated, userId, {
    write: async (tx, next) => {
      await lockUser(tx, userId);
      list = await readFolders(tx, userId);
      const folders = change(list);
      if (isDeepStrictEqual(folders, list.folders)) return undefined;
      list = { version: await next(), folders };
      await writeFolders(tx, userId, list);
      return userId;
    },
    answer: () => Promise.resolve(),
  });
  if (!list) throw notAuthorized();
  return list;
}
