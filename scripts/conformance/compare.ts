import { isDeepStrictEqual } from 'node:util';
import type { Chat, Message } from '../../sdk/src/wire.js';
import { CHAT_FIELDS, MESSAGE_FIELDS } from './optional-fields.js';
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
  return [
    ...ofFields(['pts', 'name', 'participant_count', ...CHAT_FIELDS], `chat ${chat.id}`, reported, chat),
    ...ofMessages(chat.id, reported.messages, messages),
  ];
}

/** What the client does not report is not compared; null stands for what is not there. */
function ofFields(names: readonly string[], owner: string, reported: object, fresh: object): string[] {
  const [has, should] = [valuesOf(reported), valuesOf(fresh)];
  const differing = names.filter(
    (name) => has(name) !== undefined && !isDeepStrictEqual(has(name), should(name) ?? null),
  );
  return differing.map((name) => {
    return `\`${name}\` of ${owner} is ${JSON.stringify(has(name))} instead of ${JSON.stringify(should(name) ?? null)}`;
  });
}

function valuesOf(fields: object): (name: string) => unknown {
  return (name) => (fields as Readonly<Record<string, unknown>>)[name];
}

/** The client holds the newest messages, as many as it likes, and none is left out. */
function ofMessages(chatId: number, reported: ReportedChat['messages'], all: readonly Message[]): string[] {
  const floor = Math.min(reported[0]?.id ?? Infinity, all.at(-NEWEST)?.id ?? all[0]?.id ?? Infinity);
  const held = new Map(reported.map((message) => [message.id, message]));
  const found: string[] = [];
  for (const fresh of all) {
    const { id, contents } = fresh;
    if (id < floor) continue;
    const message = held.get(id);
    held.delete(id);
    if (!message) found.push(`message ${id} of chat ${chatId} (${JSON.stringify(contents)}) is missing`);
    else if (message.contents !== contents) {
      const has = JSON.stringify(message.contents);
      found.push(`message ${id} of chat ${chatId} is ${has} instead of ${JSON.stringify(contents)}`);
    } else {
      // A reaction makes a version, of which a client that does not know reactions learns nothing.
      const isOlder = !('reactions' in message) && (message.version ?? 0) < fresh.version;
      const fields = MESSAGE_FIELDS.filter((name) => name !== 'version' || !isOlder);
      found.push(...ofFields(['author_id', ...fields], `message ${id} of chat ${chatId}`, message, fresh));
    }
  }
  for (const { id, contents } of held.values()) {
    found.push(`message ${id} of chat ${chatId} (${JSON.stringify(contents)}) does not exist any more`);
  }
  return found;
}
