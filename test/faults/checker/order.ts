import type { DatabaseChat, DatabaseOwnLog, DatabaseState } from './database.js';
import type { Problems } from './findings.js';

/** The numbers of a chat are its own order, and message ids keep it. */
export function* checkOrder({ chats, ownLogs }: DatabaseState): Generator<Problems> {
  for (const chat of chats) yield [...checkChat(chat)];
  for (const [userId, log] of ownLogs) yield [...checkOwnLog(userId, log)];
}

function* checkChat({ id, lastPts, messages, events }: DatabaseChat): Generator<string> {
  const taken = new Set<number>();
  for (const { pts } of [...messages, ...events]) {
    if (taken.has(pts)) yield `chat ${id} has two changes with pts ${pts}`;
    if (pts > lastPts) yield `chat ${id} has a change with pts ${pts}, past its last ${lastPts}`;
    taken.add(pts);
  }
  if (!taken.has(lastPts)) yield `chat ${id} has no change with its last pts ${lastPts}`;
  for (const [place, message] of messages.entries()) {
    const before = messages[place - 1];
    if (before && before.createdAt > message.createdAt) {
      yield `chat ${id}: message ${message.id} is older than ${before.id}`;
    }
  }
}

function* checkOwnLog(userId: number, { mePts, states }: DatabaseOwnLog): Generator<string> {
  const changed = states.filter(({ pts }) => pts > 0);
  for (const [place, { pts, chatId }] of changed.entries()) {
    if (pts === changed[place - 1]?.pts) yield `the own log of user ${userId} has ${pts} twice`;
    if (pts > mePts) yield `chat ${chatId} has ${pts} of the own log of user ${userId}, past its last ${mePts}`;
  }
}
