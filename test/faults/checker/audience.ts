import { timeWithin, type Span } from '../spans.js';
import { OWN_LOG } from '../../client/journal.js';
import { LIMIT_MS } from './limit.js';
import type { DeviceHistory } from './history.js';
import type { Membership, Memberships } from './membership.js';
import { describeEvent, isRemovalOf, type Received } from './received.js';

/** Nothing comes of a chat that the user is not in. What is not numbered may be late as everything may. */
export function* checkAudience(
  { userId, entries }: DeviceHistory,
  memberships: ReadonlyMap<number, Memberships>,
  connected: readonly Span[],
): Generator<string> {
  /** With which number the user was removed, as they were told on this connection. */
  let removals = new Map<number, number>();
  for (const entry of entries) {
    if (entry.kind === 'connected') removals = new Map();
    // That one is not in a chat is no event of it; the own log is nobody else's.
    if (entry.kind !== 'received' || entry.type === 'chat.left' || entry.chatId === OWN_LOG) continue;
    const { chatId } = entry;
    const mine = memberships.get(chatId)?.get(userId) ?? [];
    const removal = removals.get(chatId) ?? -1;
    const later = mine.filter(({ fromPts }) => fromPts > removal);
    const isAllowed = (membership: Membership) => mayGet(entry, membership, connected);
    if (!later.some(isAllowed)) {
      yield `got ${describeEvent(entry)}${removal < 0 ? ', and was not in it' : ' after its removal'}`;
    }
    if (isRemovalOf(userId, entry)) removals.set(chatId, entry.pts!);
  }
}

/** A user who is added again may see what happened in between. */
function mayGet({ at, pts }: Received, { fromPts, toPts, since, until }: Membership, connected: readonly Span[]) {
  if (pts !== undefined) return pts <= toPts && (pts >= fromPts || since <= at);
  return since <= at && timeWithin(connected, { from: until, to: at }) <= LIMIT_MS;
}
