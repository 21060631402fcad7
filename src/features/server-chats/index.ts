import type { Feature } from '../feature.js';
import { serverChatRoutes } from './server-chats.routes.js';
import {
  AddMembers,
  ChangeMembers,
  FindChat,
  MemberOutcome,
  MembersOutcome,
  PutChat,
  PutMember,
  ServerChat,
  ServerChatOutcome,
} from './server-chats.schemas.js';

export { appUserId } from './app-user.js';
export { ChatRef, findChatIds } from './chat-ref.js';

export const serverChats: Feature = {
  name: 'server-chats',
  models: [
    ServerChat,
    ServerChatOutcome,
    PutChat,
    FindChat,
    AddMembers,
    ChangeMembers,
    MembersOutcome,
    PutMember,
    MemberOutcome,
  ],
  serverRoutes: serverChatRoutes,
};
