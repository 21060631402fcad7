import type { DeviceKind } from '../../client/device.js';
import { isoTime } from '../clock.js';
import type { DeviceHistory } from './history.js';
import { nameOfLog } from './received.js';

/** Numbers are applied one by one; only a sync, or taking the chat afresh, may leap. */
export function* checkApplied({ entries }: DeviceHistory): Generator<string> {
  const positions = new Map<number, number>();
  let via: DeviceKind = 'socket';
  for (const entry of entries) {
    if (entry.kind === 'connected') via = entry.via;
    if (entry.kind === 'taken') positions.set(entry.chatId, entry.pts);
    if (entry.kind === 'forgotten') positions.delete(entry.chatId);
    if (entry.kind !== 'applied' && entry.kind !== 'synced') continue;
    const { chatId, pts, at } = entry;
    const before = positions.get(chatId);
    if (before === undefined || !mayFollow(entry.kind, via, before, pts)) {
      yield `went from pts ${before} to ${pts} of ${nameOfLog(chatId)} at ${isoTime(at)}`;
    }
    positions.set(chatId, pts);
  }
}

function mayFollow(how: 'applied' | 'synced', via: DeviceKind, before: number, pts: number): boolean {
  if (how === 'synced') return pts >= before;
  // A stream leaves out the numbers of which a later one says what has become.
  return via === 'socket' ? pts === before + 1 : pts > before;
}
