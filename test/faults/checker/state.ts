import { isDeepStrictEqual } from 'node:util';
import type { HeldChat } from '../../client/replica.js';
import type { DatabaseChat, DatabaseOwnLog, DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { DeviceHistory } from './history.js';

/** What a device has at the end is what the database has of the user's chats. */
export function* checkState(
  devices: readonly DeviceHistory[],
  { chats: all, ownLogs }: DatabaseState,
): Generator<Problems> {
  for (const device of devices) {
    const { name, userId, chats } = device;
    const mine = all.filter(({ participants }) => participants.includes(userId));
    const expected = new Set(mine.map(({ id }) => id));
    yield [...chats.keys()].filter((id) => !expected.has(id)).map((id) => `${name} still has chat ${id}`);
    for (const chat of mine) {
      const held = chats.get(chat.id);
      yield held ? [...compare(held, chat)].map((text) => `${name}, chat ${chat.id}: ${text}`) : missing(name, chat);
    }
    yield [...compareOwn(device, ownLogs.get(userId))].map((text) => `${name}, own log: ${text}`);
  }
}

function missing(name: string, { id }: DatabaseChat): Problems {
  return [`${name} does not have chat ${id}`];
}

function* compareOwn({ mePts, chats }: DeviceHistory, log: DatabaseOwnLog | undefined): Generator<string> {
  if (mePts !== (log?.mePts ?? 0)) yield `it is at pts ${mePts}, not ${log?.mePts}`;
  for (const { chatId, own } of log?.states ?? []) {
    const held = chats.get(chatId);
    if (held && !isDeepStrictEqual(held.own, own)) {
      yield `chat ${chatId} is ${JSON.stringify(held.own)}, not ${JSON.stringify(own)}`;
    }
  }
}

function* compare(held: HeldChat, chat: DatabaseChat): Generator<string> {
  if (held.pts !== chat.lastPts) yield `it is at pts ${held.pts}, not ${chat.lastPts}`;
  if (held.name !== chat.name) yield `its name is "${held.name}", not "${chat.name}"`;
  const [has, should] = [held.participants, chat.participants].map((ids) => [...ids].sort((a, b) => a - b).join(' '));
  if (held.participantCount !== chat.participants.length) {
    yield `its participant count is ${held.participantCount}, not ${chat.participants.length}`;
  }
  if (has !== should) yield `its participants are ${has}, not ${should}`;
  for (const { id, contents, authorId } of chat.messages) {
    const message = held.messages.get(id);
    if (!message) yield `message ${id} is missing`;
    else if (message.contents !== contents) yield `message ${id} says "${message.contents}", not "${contents}"`;
    else if (message.authorId !== authorId) yield `message ${id} is by ${message.authorId}, not ${authorId}`;
  }
  const there = new Set(chat.messages.map(({ id }) => id));
  for (const id of held.messages.keys()) if (!there.has(id)) yield `message ${id} should be gone`;
}
