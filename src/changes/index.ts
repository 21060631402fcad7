export {
  creationKind,
  eventKind,
  messageKind,
  ownKind,
  type ChangeKind,
  type EventKind,
  type ReadPeople,
} from './change-kind.js';
export { addToLog, advanceChat } from './chat-log.js';
export { ChatParams } from './chat-params.js';
export { commitChange, commitOwnChange, publishOwnChange } from './commit-change.js';
export type { Context } from './context.js';
export { chatDoesNotExist } from './errors.js';
