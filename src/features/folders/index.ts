import type { Feature } from '../feature.js';
import { foldersUpdated } from './folder.changes.js';
import { folderRoutes } from './folders.routes.js';
import { Folder, FolderIncludes, FolderList, NewFolder, SetFolders } from './folders.schemas.js';

export const folders: Feature = {
  name: 'folders',
  models: [Folder, FolderIncludes, NewFolder, FolderList, SetFolders],
  changes: [foldersUpdated],
  routes: folderRoutes,
};
