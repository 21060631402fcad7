import { ownKind } from '../../changes/index.js';
import { Ref } from '../../shared/schema.js';
import { participationJson, readProjection } from '../chats/index.js';
import { ReadMark } from './reads.schemas.js';

export const readMarkMoved = ownKind({
  type: 'chat.read_mark',
  description: 'The user has read on in a chat, or has marked it as unread, perhaps on another device.',
  data: Ref(ReadMark),
  changed: () => 'select read_me_pts as me_pts, chat_id as key from mine',
  state: (userId, key) => participationJson(readProjection, userId, key),
});
