export { type Database, type Transaction } from './client.js';
export { openDatabase, type DatabaseOptions, type OpenDatabase } from './database.js';
export { isUnavailable, isUniqueViolation } from './failures.js';
export { type ChatListRow, type ChatRow, type ChatWithParticipantsRow } from './statements/chats.js';
export { type MessagePageRow, type MessageRow } from './statements/messages.js';
export { type UserRow } from './statements/users.js';
