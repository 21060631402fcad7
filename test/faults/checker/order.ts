import type { DatabaseChat, DatabaseState } from './database.js';
import type { Problems } from './findings.js';

/** The numbers of a chat are its own order, and message ids keep it. */
export function* checkOrder(database: DatabaseState): Generator<Problems> {
  for (const chat of database) yield [...checkChat(chat)];
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
