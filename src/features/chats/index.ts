import type { Feature } from '../feature.js';
import { chatChangeModels, chatCreated, chatSettings, chatUpdated } from './chat.changes.js';
import { ChatNotifications, ChatType } from './chat.fields.js';
import { chatRoutes } from './chats.routes.js';
import {
  ChangeChat,
  ChangeChatSettings,
  Chat,
  ChatList,
  ChatSettings,
  ChatWithParticipants,
  MemberRight,
} from './chats.schemas.js';

export { MAX_ANNOUNCED, announce, announceToOpener } from './announce.js';
export { chatCreated, chatUpdated } from './chat.changes.js';
export {
  ChatKey,
  ChatType,
  MAX_DRAFT,
  RoleName,
  chatFields,
  draftFields,
  draftProjection,
  groupFields,
  ownFields,
  ownProjection,
  participationJson,
  readFields,
  readProjection,
} from './chat.fields.js';
export { notAGroup, notTheCreator, publicGroupsOff } from './chats.errors.js';
export { findKind, readChat, readDetails, toColumns, updateDetails, type ChatDetails } from './chats.queries.js';
export { Chat, ChatQuery, ChatWithParticipants, NewName, groupRules } from './chats.schemas.js';
export { applyDetails, differenceOf, getChat, requirePublicAllowed } from './chats.service.js';

export const chats: Feature = {
  name: 'chats',
  tag: { name: 'Chats', description: 'Private and group chats of the user.' },
  models: [
    ...[
      Chat,
      ChatWithParticipants,
      ChatList,
      ChatType,
      ChatNotifications,
      ChangeChat,
      ChangeChatSettings,
      ChatSettings,
    ],
    MemberRight,
    ...chatChangeModels,
  ],
  changes: [chatCreated, chatUpdated, chatSettings],
  routes: chatRoutes,
};
