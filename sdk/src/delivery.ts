import { MessengerError } from './messenger-error.js';
import type { OutboxItem } from './held.js';
import { addressOf } from './request.js';
import type { Rest } from './rest.js';
import type { ChatSettings, ReadMark, SentMessage } from './wire.js';

/** What the server has answered. Without a message the message is gone, and that is all right. */
export interface Delivered {
  readonly message?: SentMessage;
  readonly mark?: ReadMark;
  readonly settings?: ChatSettings;
}

/** Refusals that say that all is as the user wanted it; so does one of a send that had been sent before the user left. */
const DONE: Readonly<Record<string, string>> = {
  // An earlier try had sent it, and it has been deleted since.
  send: 'MESSAGE_DELETED',
  // An earlier try had deleted it, or somebody else has.
  delete: 'MESSAGE_DOES_NOT_EXIST',
};

/** One try. @throws MessengerError */
export async function deliver(rest: Rest, item: OutboxItem): Promise<Delivered> {
  try {
    return await request(rest, item);
  } catch (error) {
    if (error instanceof MessengerError && (error.code === DONE[item.kind] || error.details.sent)) return {};
    throw error;
  }
}

async function request(rest: Rest, item: OutboxItem): Promise<Delivered> {
  const chat = `/chat/${item.chatId}`;
  switch (item.kind) {
    case 'send': {
      const body = { ...item.given, contents: item.contents, client_id: item.key };
      return { message: await rest.ask('POST', `${chat}/message`, body) };
    }
    case 'edit': {
      const body = { ...item.given, contents: item.contents, client_id: item.key, if_version: item.version };
      return { message: await rest.ask('PATCH', `/message/${item.messageId}`, body) };
    }
    case 'delete': {
      await rest.ask('DELETE', addressOf(`/message/${item.messageId}`, { query: { if_version: item.version } }));
      return {};
    }
    case 'read':
      return { mark: await rest.ask('POST', `${chat}/read`, { message_id: item.messageId }) };
    case 'settings':
      return { settings: await rest.ask('PATCH', `${chat}/settings`, item.settings) };
  }
}
