import type { DeviceKind } from '../client/device.js';
import type { Entry } from '../client/journal.js';
import { isoTime } from '../clock.js';
import { groupBy } from '../group-by.js';
import type { DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { DeviceHistory } from './history.js';
import { membershipsOf, type Membership, type Memberships } from './membership.js';

type Received = Extract<Entry, { kind: 'received' }>;

/** Events that carry the next number of their chat, as they were committed. */
const DURABLE = new Set([
  'message.created',
  'message.updated',
  'message.state',
  'message.deleted',
  'chat.updated',
  'participant.added',
  'participant.removed',
]);

/** What arrived, and in which order. */
export function* checkDeliveries(devices: readonly DeviceHistory[], database: DatabaseState): Generator<Problems> {
  const memberships = new Map(database.map((chat) => [chat.id, membershipsOf(chat)]));
  for (const device of devices) {
    const { name, surprises } = device;
    const say = (text: string) => `${name} ${text}`;
    yield surprises.map(say);
    yield [...checkApplied(device)].map(say);
    const connections = groupBy(device.entries, (entry) => entry.connection);
    for (const connection of connections.values()) yield [...checkConnection(device, connection, memberships)].map(say);
  }
}

/** Numbers are applied one by one; only a sync, or taking the chat afresh, may leap. */
function* checkApplied({ kind, entries }: DeviceHistory): Generator<string> {
  const positions = new Map<number, number>();
  for (const entry of entries) {
    if (entry.kind === 'taken') positions.set(entry.chatId, entry.pts);
    if (entry.kind === 'forgotten') positions.delete(entry.chatId);
    if (entry.kind !== 'applied' && entry.kind !== 'synced') continue;
    const { chatId, pts, at } = entry;
    const before = positions.get(chatId);
    if (before === undefined || !mayFollow(entry.kind, kind, before, pts)) {
      yield `went from pts ${before} to ${pts} of chat ${chatId} at ${isoTime(at)}`;
    }
    positions.set(chatId, pts);
  }
}

function mayFollow(how: 'applied' | 'synced', device: DeviceKind, before: number, pts: number): boolean {
  if (how === 'synced') return pts >= before;
  // A stream leaves out the numbers of which a later one says what has become.
  return device === 'socket' ? pts === before + 1 : pts > before;
}

/** Each event once, in its order, and none of a chat that the user is not in. */
function* checkConnection(
  { kind, userId }: DeviceHistory,
  entries: readonly Entry[],
  memberships: ReadonlyMap<number, Memberships>,
): Generator<string> {
  const newest = new Map<number, number>();
  const removed = new Set<number>();
  for (const entry of entries) {
    if (entry.kind === 'answered') for (const chatId of entry.memberOf) removed.delete(chatId);
    if (entry.kind !== 'received') continue;
    const { type, chatId, pts, at } = entry;
    const event = `${type} ${pts ?? ''} of chat ${chatId} at ${isoTime(at)}`;
    if (type === 'chat.created') removed.delete(chatId);
    if (removed.has(chatId)) yield `got ${event} after its removal`;
    if (type === 'participant.removed' && entry.removedId === userId) removed.add(chatId);
    if (pts === undefined || !DURABLE.has(type)) continue;
    const before = newest.get(chatId);
    // A stream that begins where another ended may repeat itself.
    if (kind === 'socket' && before === pts) yield `got ${event} twice on one connection`;
    if (kind === 'socket' && before !== undefined && before > pts) yield `got ${event} after ${before}`;
    newest.set(chatId, Math.max(pts, before ?? 0));
    if (!wasAllowed(entry, pts, memberships.get(chatId)?.get(userId) ?? [])) yield `got ${event}, and was not in it`;
  }
}

/** Whoever is added again may see what happened in between. */
function wasAllowed({ at }: Received, pts: number, memberships: readonly Membership[]): boolean {
  return memberships.some(({ fromPts, toPts, since }) => pts <= toPts && (pts >= fromPts || since <= at));
}
