import type { Chat, Message } from '../../sdk/src/wire.js';
import type { Report, ReportedChat } from './report.js';

/** So many of the newest messages of a chat have to be there. */
const NEWEST = 20;

export interface FreshChat {
  readonly chat: Chat;
  readonly messages: readonly Message[];
}

/** How what a client has differs from what a new client would get, in words. */
export function differences(report: Report, fresh: ReadonlyMap<number, FreshChat>): string[] {
  const found: string[] = [];
  for (const [chatId, chat] of fresh) {
    const reported = report.get(chatId);
    if (reported) found.push(...ofChat(reported, chat));
    else found.push(`chat ${chatId} is missing`);
  }
  for (const chatId of report.keys()) {
    if (!fresh.has(chatId)) found.push(`chat ${chatId} is kept, and the user is not in it`);
  }
  return found;
}

function ofChat(reported: ReportedChat, { chat, messages }: FreshChat): string[] {
  const found: string[] = [];
  const compare = (field: string, has: unknown, should: unknown) => {
    if (has !== should) {
      found.push(`\`${field}\` of chat ${chat.id} is ${JSON.stringify(has)} instead of ${JSON.stringify(should)}`);
    }
  };
  compare('pts', reported.pts, chat.pts);
  compare('name', reported.name, chat.name);
  compare('participant_count', reported.participant_count, chat.participant_count);
  if (reported.last_read_message_id !== undefined) {
    compare('last_read_message_id', reported.last_read_message_id, chat.last_read_message_id);
  }
  return [...found, ...ofMessages(chat.id, reported.messages, messages)];
}

/** The client holds the newest messages, as many as it likes, and none is left out. */
function ofMessages(chatId: number, reported: ReportedChat['messages'], all: readonly Message[]): string[] {
  const floor = Math.min(reported[0]?.id ?? Infinity, all.at(-NEWEST)?.id ?? all[0]?.id ?? Infinity);
  const held = new Map(reported.map((message) => [message.id, message]));
  const found: string[] = [];
  for (const { id, author_id, contents, version } of all) {
    if (id < floor) continue;
    const message = held.get(id);
    held.delete(id);
    if (!message) found.push(`message ${id} of chat ${chatId} (${JSON.stringify(contents)}) is missing`);
    else if (message.contents !== contents) {
      const has = JSON.stringify(message.contents);
      found.push(`message ${id} of chat ${chatId} is ${has} instead of ${JSON.stringify(contents)}`);
    } else if (message.version !== undefined && message.version !== version) {
      found.push(`message ${id} of chat ${chatId} has version ${message.version} instead of ${version}`);
    } else if (message.author_id !== author_id) {
      found.push(`message ${id} of chat ${chatId} is by ${message.author_id} instead of ${author_id}`);
    }
  }
  for (const { id, contents } of held.values()) {
    found.push(`message ${id} of chat ${chatId} (${JSON.stringify(contents)}) does not exist any more`);
  }
  return found;
}
