import { MessengerError, openPrivate as openChat, type MessengerClient } from 'messenger-client';

/** The chat of two, which may be there already. @returns its id. @throws MessengerError */
export async function openPrivate(client: MessengerClient, userId: number): Promise<number> {
  const { chats, archived } = client.chats.getSnapshot();
  const known = [...chats, ...archived].find(({ peer }) => peer?.id === userId);
  if (known) return known.id;
  try {
    return (await openChat(client, userId)).id;
  } catch (error) {
    // Opened by the other one at the same moment, or on another device.
    if (!(error instanceof MessengerError) || error.code !== 'CHAT_EXISTS') throw error;
    return Number(error.details.chat_id);
  }
}
