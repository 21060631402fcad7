export { readChatInside, type Database, type Transaction } from './client.js';
export type { Prisma } from './generated/client.js';
export { openDatabase, type OpenDatabase } from './database.js';
export { isUnavailable, isUniqueViolation } from './failures.js';
export { type MessagePageRow } from './statements/messages.js';
export { type SyncRow } from './statements/sync.js';
