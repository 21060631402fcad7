import type { ShownChat, User } from 'messenger-client';

/** Whether the user wants to be told of a message: by the level of the chat, or theirs for all chats. */
export function wantsNotice(
  { notifications }: Pick<ShownChat, 'notifications'>,
  me: User | undefined,
  contents: string,
): boolean {
  const level = notifications === 'default' ? (me?.notifications ?? 'all') : notifications;
  if (level === 'mentions') return me !== undefined && mentions(contents, me.username);
  return level === 'all';
}

/** Names are of letters, digits, dots, hyphens and underscores: a longer name is another. */
function mentions(contents: string, username: string): boolean {
  const escaped = username.replace(/[.-]/g, '\\$&');
  return new RegExp(`(^|[^\\w.-])@${escaped}(?![\\w-])`, 'i').test(contents);
}
