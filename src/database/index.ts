export type { Database, Transaction } from './client.js';
export type { Prisma } from './generated/client.js';
export { claimDue } from './claim-due.js';
export { openDatabase, type OpenDatabase } from './database.js';
export { rotateEpoch } from './epoch.js';
export { isUnavailable, isUniqueViolation } from './failures.js';
export { toJsonColumn } from './json-column.js';
export {
  Projection,
  field,
  nestedField,
  propertiesOf,
  timeField,
  usually,
  usuallyNull,
  type Field,
  type OfPage,
  type Reader,
  type Usual,
} from './projection.js';
export { withOwnEdit } from './own-edit.js';
export type { OwnState, ReadModel } from './read-model.js';
export { mayKnow, meet } from './statements/meeting.js';
export { privateKey } from './statements/private-key.js';
export { mayAuthor, memberRightsJson, rightsJson, shortMemberRights, shortRights } from './statements/rights.js';
export { mayWriteIn, mayWriteTo } from './statements/private-writing.js';
export type { MessagePage } from './message-pages.js';
export { createStatements, type Statements } from './statements.js';
export { MINE, chatAsJson, isThere, maySee, unreadCount } from './statements/chats.js';
export {
  NAMED_ROLES,
  keptMentions,
  namesAll,
  mayHaveUnreadMentions,
  unreadMentionCount,
  whomNamed,
  type StoredMentions,
} from './statements/mentions.js';
export { inputRefusals, insertNamed, isApart, keptInput } from './statements/messages.js';
export type { InputRefusal, MessageInput, MessageProjection, MessageRow, NewMessage } from './statements/messages.js';
export type { OwnedMessage } from './statements/seen-messages.js';
export { utcJson } from './statements/statement.js';
export type { SyncRow, SyncedChatRow } from './statements/sync.js';
export type { ProfileRow } from './statements/profiles.js';
export type { StoredFilters } from './statements/filters.js';
export type { Revocation } from './statements/revocations.js';
export type { PersonRow } from './statements/users.js';
