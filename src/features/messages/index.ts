import { ChangeMessage, Message, MessageOrder, MessagePage, SendMessage, SentMessage } from './messages.schemas.js';

export const messageModels = [
  ...[Message, SentMessage, SendMessage, ChangeMessage, MessageOrder, MessagePage],
  ...messageEventModels,
];
import { messageEventModels } from './messages.events.js';
export { messageEvents } from './messages.events.js';
export { messageFrames } from './messages.frames.js';
export { clientIdTaken } from './messages.errors.js';
export { ClientId, EXAMPLE_MESSAGE, Message } from './messages.schemas.js';
export { messageRoutes } from './messages.routes.js';
