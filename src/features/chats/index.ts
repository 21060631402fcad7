import {
  AddParticipants,
  ChangeChat,
  Chat,
  ChatList,
  ChatType,
  ChatWithParticipants,
  CreateGroupChat,
  CreatePrivateChat,
  ParticipantList,
  ParticipantRead,
  ReadMark,
  ReadUpTo,
} from './chats.schemas.js';
import { chatEventModels } from './chats.events.js';

export const chatModels = [
  ...[Chat, ChatWithParticipants, ChatList, CreatePrivateChat, CreateGroupChat],
  ...[ChangeChat, AddParticipants, ReadUpTo, ReadMark, ParticipantList, ChatType, ParticipantRead],
  ...chatEventModels,
];
export { chatChangeRoutes } from './changes.routes.js';
export { chatEvents } from './chats.events.js';
export { chatFrames } from './chats.frames.js';
export { chatRoutes } from './chats.routes.js';
export { Chat, ParticipantRead } from './chats.schemas.js';
