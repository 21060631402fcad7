import { ownKind } from '../../changes/index.js';
import { Ref } from '../../shared/schema.js';
import { draftProjection, participationJson } from '../chats/index.js';
import { Draft } from './drafts.schemas.js';

export const draftChanged = ownKind({
  type: 'chat.draft',
  description: 'The user has written on a draft, perhaps on another device, or it is gone.',
  data: Ref(Draft),
  changed: () => 'select draft_me_pts as me_pts, chat_id as key from mine',
  state: (userId, key) => participationJson(draftProjection, userId, key),
});
