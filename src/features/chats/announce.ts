import { chatAdvanced, type Publisher } from '../../realtime/index.js';
import { chatCreated } from './chat.changes.js';
import type { ChatWithParticipants } from './chats.schemas.js';

/** To give everyone a list of everyone costs the square of their number: in larger chats they ask for it. */
const MAX_ANNOUNCED = 100;

/** Tells the users of a chat that is new to them; of a large one, that it is there. */
export function announce(live: Publisher, chat: ChatWithParticipants, newcomerIds: readonly number[]): void {
  if (newcomerIds.length === 0) return;
  if (chat.participants.length > MAX_ANNOUNCED) {
    live.publishToUsers(newcomerIds, chatAdvanced(chat.id, chat.pts));
    return;
  }
  const { id: chatId, pts } = chat;
  live.publishToUsers(newcomerIds, { type: chatCreated.type, chatId, pts, data: asNewcomer(chat), role: 'welcome' });
}

/** None of them has read in it, there is nothing that they ought to have read, and they have set nothing. */
function asNewcomer(chat: ChatWithParticipants): ChatWithParticipants {
  const marks = { last_read_message_id: chat.last_message?.id ?? null, unread_count: 0 };
  return { ...chat, ...marks, muted_until: null, pinned: false, archived: false, private: {} };
}
