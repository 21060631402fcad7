/** What an address shows beside the list of chats. */
export type Place =
  | { readonly page: 'chats' | 'archive' | 'new' | 'settings' | 'threads' | 'invite' | 'moderation' | 'groups' }
  | {
      readonly page: 'chat';
      readonly chatId: number;
      readonly hasDetails: boolean;
      /** The message whose thread is open beside it. */
      readonly threadId: number | undefined;
    };

const CHAT = /^c\/([1-9]\d{0,15})(\/info|\/t\/([1-9]\d{0,15}))?$/;

export function placeOf(path: string): Place {
  const chat = CHAT.exec(path);
  if (chat) {
    const [, chatId, , threadId] = chat;
    return {
      page: 'chat',
      chatId: Number(chatId),
      hasDetails: chat[2] === '/info',
      threadId: threadId === undefined ? undefined : Number(threadId),
    };
  }
  if (
    path === 'new' ||
    path === 'settings' ||
    path === 'archive' ||
    path === 'threads' ||
    path === 'moderation' ||
    path === 'groups'
  )
    return { page: path };
  return { page: path === 'i' || path.startsWith('i/') ? 'invite' : 'chats' };
}
