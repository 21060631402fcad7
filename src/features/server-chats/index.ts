import type { Feature } from '../feature.js';
import { serverChatRoutes } from './server-chats.routes.js';
import {
  AddMembers,
  ChangeMembers,
  FindChat,
  MembersOutcome,
  PutChat,
  ServerChat,
  ServerChatOutcome,
} from './server-chats.schemas.js';

export { appUserId } from './app-user.js';
export { ChatRef, findChatIds } from './chat-ref.js';

export const serverChats: Feature = {
  name: 'server-chats',
  models: [ServerChat, ServerChatOutcome, PutChat, FindChat, AddMembers, ChangeMembers, MembersOutcome],
  serverRoutes: serverChatRoutes,
};
