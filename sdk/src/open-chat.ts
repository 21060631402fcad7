import type { ChatHandle } from './chat-handle.js';
import { newClientId } from './client-id.js';
import type { MessengerClient } from './messenger-client.js';

/** The chat of two, which is opened if there is none yet. @throws MessengerError */
export async function openPrivate(client: MessengerClient, userId: number): Promise<ChatHandle> {
  return client.opened(await client.ask('POST', '/chat/private/create', { body: { with_user_id: userId } }));
}

/**
 * @param clientId the same one when it is asked for again because no answer came: there is one group then.
 * @throws MessengerError
 */
export async function createGroup(
  client: MessengerClient,
  name: string,
  userIds: readonly number[],
  clientId = newClientId(),
): Promise<ChatHandle> {
  const body = { name, with_ids: userIds, client_id: clientId };
  return client.opened(await client.ask('POST', '/chat/group/create', { body }));
}
