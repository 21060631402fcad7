import {
  AddParticipants,
  ChangeChat,
  Chat,
  ChatList,
  ChatWithParticipants,
  CreateGroupChat,
  CreatePrivateChat,
  ParticipantList,
  ReadMark,
  ReadUpTo,
} from './chats.schemas.js';

export const chatModels = [
  ...[Chat, ChatWithParticipants, ChatList, CreatePrivateChat, CreateGroupChat],
  ...[ChangeChat, AddParticipants, ReadUpTo, ReadMark, ParticipantList],
];
export { chatChangeRoutes } from './changes.routes.js';
export { chatEvents } from './chats.events.js';
export { chatFrames } from './chats.frames.js';
export { chatRoutes } from './chats.routes.js';
export { Chat } from './chats.schemas.js';
