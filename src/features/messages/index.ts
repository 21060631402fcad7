import type { Feature } from '../feature.js';
import { messageCreated, messageDeleted, messageUpdated } from './message.changes.js';
import { messageFields } from './message.fields.js';
import { messageFrames } from './messages.frames.js';
import { messageRoutes } from './messages.routes.js';
import { messageModels } from './messages.schemas.js';

export { askerOf } from './asker-of.js';
export { fittingContents } from './fitting-contents.js';
export { MESSAGE_STATE, messageCreated, messageDeleted, messageUpdated } from './message.changes.js';
export { ClientId, MAX_CONTENTS, messageProjection } from './message.fields.js';
export {
  chatFrozen,
  clientIdTaken,
  filtered,
  messageDoesNotExist,
  notAcceptingMessages,
  notTheOwner,
  sentMessageDeleted,
  threadDoesNotExist,
  threadInThread,
} from './messages.errors.js';
export { findWriting, parameterOf, removeMessage, wasSent } from './messages.queries.js';
export {
  contentsBodyLimit,
  EXAMPLE_MESSAGE,
  FoundMessage,
  Message,
  MessagePage,
  MessagePageQuery,
  MessageParams,
  OWN_RULES,
  SendAsHost,
  SentMessage,
  inputSchemas,
  newContents,
  optional,
  type ContentRules,
  type MessageParts,
} from './messages.schemas.js';
export { requireInputsAt, requireSendableAt, takeInputs } from './inputs.js';
export { FILTERED, SEND_ERRORS, THREAD_ERRORS } from './send-errors.js';
export {
  findChatOf,
  getMessage,
  readPresent,
  requireMayWrite,
  requireSeen,
  sendMessage,
  toPage,
  type Asker,
} from './messages.service.js';

export const messages: Feature = {
  name: 'messages',
  tag: { name: 'Messages', description: 'What is written in chats.' },
  models: messageModels,
  changes: [messageCreated, messageUpdated, messageDeleted],
  messageFields,
  frames: messageFrames,
  routes: messageRoutes,
};
