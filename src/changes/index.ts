export {
  creationKind,
  eventKind,
  messageKind,
  ownKind,
  type ChangeKind,
  type ReadPeople,
  type StoredOf,
  type StoredChange,
} from './change-kind.js';
export { addToLog } from './chat-log.js';
export { ChatParams } from './chat-params.js';
export {
  commitChange,
  commitMessageChanges,
  commitOwnChange,
  publishOwnChange,
  type MessageChange,
} from './commit-change.js';
export type { Context } from './context.js';
export { lockChat, lockChatOf, lockUser } from './locking.js';
export {
  RESTRICTED,
  RIGHT_ERRORS,
  findRefusal,
  readStanding,
  refusalOf,
  requireRight,
  restricted,
  rightMissing,
  type Standing,
} from './standing.js';
export { nextOwnNumber, nextOwnNumbers } from './own-log.js';
export { chatDoesNotExist } from '../shared/errors.js';
