import { chatAdvanced, type Publisher } from '../../realtime/index.js';
import { chatCreated } from './chat.changes.js';
import type { ChatWithParticipants } from './chats.schemas.js';

/** To give everyone a list of everyone costs the square of their number: in larger chats they ask for it. */
export const MAX_ANNOUNCED = 100;

/**
 * Tells the users of a chat that is new to them; of a large one, that it is there.
 * @param lastMessageId the newest message, up to which they have nothing unread; null: there is none.
 */
export function announce(
  live: Publisher,
  chat: ChatWithParticipants,
  newcomerIds: readonly number[],
  lastMessageId: number | null = null,
): void {
  if (newcomerIds.length > 0) publish(live, asNewcomer(chat, lastMessageId), newcomerIds);
}

/** Tells all devices of the user who has opened it. @param chat as they see it. */
export function announceToOpener(live: Publisher, chat: ChatWithParticipants, userId: number): void {
  publish(live, chat, [userId]);
}

function publish(live: Publisher, chat: ChatWithParticipants, userIds: readonly number[]): void {
  if (chat.participants.length > MAX_ANNOUNCED) {
    live.publishToUsers(userIds, chatAdvanced(chat.id, chat.pts));
    return;
  }
  const { id: chatId, pts } = chat;
  live.publishToUsers(userIds, { type: chatCreated.type, chatId, pts, data: chat, role: 'welcome' });
}

/** None of them has read in it, there is nothing that they ought to have read, and they have set nothing. */
function asNewcomer(chat: ChatWithParticipants, lastMessageId: number | null): ChatWithParticipants {
  const marks = { last_read_message_id: lastMessageId, unread_count: 0, marked_unread: false, unread_mentions: 0 };
  const settings = {
    muted_until: null,
    pinned: false,
    archived: false,
    private: {},
    notifications: 'default' as const,
  };
  const draft = { draft: null, draft_reply_to_id: null, draft_revision: 0 };
  const standing = { own_role: 'member', own_rights: chat.member_rights };
  return { ...chat, ...marks, ...settings, ...standing, ...draft };
}
