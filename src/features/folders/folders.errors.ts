import { defineError } from '../../shared/errors.js';

export const folderNotFound = defineError(404, 'FOLDER_NOT_FOUND', 'You have no such folder.');
export const folderFull = defineError(409, 'FOLDER_FULL', 'This folder has as many chats as one can have.');
