import { groupBy } from '../group-by.js';
import type { DatabaseOwnState, DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { History, Reading, Setting } from './history.js';
import { allMemberships, isLasting } from './membership.js';

/** What was acknowledged of what is a user's alone is there, unless something later took its place. */
export function* checkOwn({ readings, settings }: History, { chats, ownLogs }: DatabaseState): Generator<Problems> {
  const memberships = allMemberships(chats);
  // A user who leaves a chat and comes back begins anew.
  const isToBeThere = ({ userId, chatId }: Reading | Setting) => {
    return isLasting(memberships.get(chatId)?.get(userId) ?? []);
  };
  const kept = new Map(
    [...ownLogs].flatMap(([userId, { states }]) => states.map((state) => [keyOf({ userId, ...state }), state])),
  );
  for (const [key, tries] of groupBy(readings.filter(isToBeThere), keyOf)) {
    for (const sameMark of groupBy(tries, ({ mark }) => mark).values())
      yield [...checkReadings(sameMark, kept.get(key))];
  }
  for (const [key, tries] of groupBy(settings.filter(isToBeThere), keyOf))
    yield [...checkSettings(tries, kept.get(key))];
}

function keyOf({ userId, chatId }: { readonly userId: number; readonly chatId: number }): string {
  return `user ${userId} in chat ${chatId}`;
}

function* checkReadings(tries: readonly Reading[], kept: DatabaseOwnState | undefined): Generator<string> {
  const furthest = Math.max(...tries.map(({ acknowledgedId = 0 }) => acknowledgedId));
  const { mark: which } = tries[0]!;
  const read = kept?.own.last_read_message_id ?? 0;
  const mark = which === 'read' ? read : Math.max(read, kept?.deliveredId ?? 0);
  if (mark < furthest)
    yield `the acknowledged ${which} mark ${furthest} of ${keyOf(tries[0]!)} is lost: there is ${mark}`;
}

/** Each setting has a time of its own, by which it is known. */
function* checkSettings(tries: readonly Setting[], kept: DatabaseOwnState | undefined): Generator<string> {
  const time = kept?.own.muted_until ?? null;
  const there = tries.find(({ mutedUntil }) => mutedUntil === time);
  if (time !== null && !there) {
    yield `${keyOf(tries[0]!)} has a setting that nobody has asked for: ${time}`;
    return;
  }
  if (there && (there.pinned !== kept?.own.pinned || there.archived !== kept.own.archived)) {
    yield `${keyOf(there)} has half of a setting: ${JSON.stringify(kept?.own)}`;
  }
  const answeredAt = there ? (there.answeredAt ?? Infinity) : -Infinity;
  const later = tries.find((other) => other.isAcknowledged && other.begunAt > answeredAt);
  if (later) yield `the acknowledged setting ${later.mutedUntil} of ${keyOf(later)} is lost: there is ${time}`;
}
