import type { MessengerClient } from '../../../sdk/src/messenger-client.js';
import type { ShownChat } from '../../../sdk/src/views/chat-list.js';
import type { ShownMessage } from '../../../sdk/src/views/shown-message.js';
import type { Message } from '../../client/protocol.js';
import { groupStateOf, heldMessage, ownStateOf, type HeldChat } from '../../client/replica.js';

/** Everything that is held. */
export const ALL = Number.MAX_SAFE_INTEGER;

export function shownChats(client: MessengerClient): ShownChat[] {
  const { chats, archived } = client.chats.getSnapshot();
  return [...chats, ...archived];
}

function shownMessages(client: MessengerClient, chatId: number): readonly ShownMessage[] {
  return client.chat(chatId).messages({ limit: ALL }).getSnapshot().slice();
}

/** A chat as a client shows it. */
export function heldChat(client: MessengerClient, chat: ShownChat): HeldChat {
  const { id, name, pts, participants, participant_count } = chat;
  return {
    id,
    name,
    pts,
    participants: new Set(participants),
    participantCount: participant_count,
    own: ownStateOf(chat),
    group: groupStateOf(chat),
    get messages() {
      const sent = shownMessages(client, id).filter((message) => message.id !== null);
      return new Map(sent.map((message) => [message.id!, heldMessage(message as unknown as Message)]));
    },
  };
}

/** What is wrong with the order of what a client shows. */
export function* checkShown(client: MessengerClient): Generator<string> {
  for (const { id: chatId } of shownChats(client)) {
    const messages = shownMessages(client, chatId);
    const keys = new Set(messages.map(({ key }) => key));
    if (keys.size < messages.length) yield `shows a message of chat ${chatId} twice`;
    for (const [place, { id, state }] of messages.entries()) {
      const before = messages[place - 1]?.id ?? 0;
      if (state !== 'sent' || id === null) yield `shows message ${id} of chat ${chatId} as ${state}`;
      else if (id <= before) yield `shows message ${id} of chat ${chatId} after ${before}`;
    }
  }
}
