import type { ShownChat, User } from 'messenger-client';
import { namesMe, type Mentions } from '../conversation/mentions.js';

/** Whether the user wants to be told of a message: by the level of the chat, or theirs for all chats. */
export function wantsNotice(
  { notifications, own_role }: Pick<ShownChat, 'notifications' | 'own_role'>,
  me: User | undefined,
  mentions: Mentions,
): boolean {
  const level = notifications === 'default' ? (me?.notifications ?? 'all') : notifications;
  if (level === 'mentions') return me !== undefined && namesMe(mentions, me.id, own_role);
  return level === 'all';
}
