/** What an address shows beside the list of chats. */
export type Place =
  | { readonly page: 'chats' | 'archive' | 'new' | 'settings' | 'moderation' }
  | { readonly page: 'chat'; readonly chatId: number; readonly hasDetails: boolean };

const CHAT = /^c\/([1-9]\d{0,15})(\/info)?$/;

export function placeOf(path: string): Place {
  const chat = CHAT.exec(path);
  if (chat) return { page: 'chat', chatId: Number(chat[1]), hasDetails: chat[2] !== undefined };
  if (path === 'new' || path === 'settings' || path === 'archive' || path === 'moderation') return { page: path };
  return { page: 'chats' };
}
