import { Chat, ChatList, ChatWithParticipants, CreateGroupChat, CreatePrivateChat } from './chats.schemas.js';

export const chatModels = [Chat, ChatWithParticipants, ChatList, CreatePrivateChat, CreateGroupChat];
export { chatRoutes } from './chats.routes.js';
