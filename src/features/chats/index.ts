import {
  AddParticipants,
  ChangeChat,
  Chat,
  ChatList,
  ChatType,
  ChatWithParticipants,
  CreateGroupChat,
  CreatePrivateChat,
  ParticipantRead,
  ReadMark,
  ReadUpTo,
} from './chats.schemas.js';
import { chatEventModels } from './chats.events.js';

export const chatModels = [
  ...[Chat, ChatWithParticipants, ChatList, CreatePrivateChat, CreateGroupChat],
  ...[ChangeChat, AddParticipants, ReadUpTo, ReadMark, ChatType, ParticipantRead],
  ...chatEventModels,
];
export { chatChangeRoutes } from './changes.routes.js';
export { chatEvents } from './chats.events.js';
export { chatFrames } from './chats.frames.js';
export { chatRoutes } from './chats.routes.js';
export { Chat, ParticipantRead } from './chats.schemas.js';
