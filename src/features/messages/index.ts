import { Message, MessagePage, SendMessage } from './messages.schemas.js';

export const messageModels = [Message, SendMessage, MessagePage];
export { EXAMPLE_MESSAGE, Message } from './messages.schemas.js';
export { messageRoutes } from './messages.routes.js';
