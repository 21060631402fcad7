import { isoTime } from '../clock.js';
import { timeWithin } from '../spans.js';
import { OWN_LOG } from '../../client/journal.js';
import { changesOf, ownChangesOf, type Change } from './changes.js';
import { connectedTime } from './connected-time.js';
import type { DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { DeviceHistory, History } from './history.js';
import { LIMIT_MS } from './limit.js';
import { allMemberships, type Membership } from './membership.js';
import { positionsOf, type Position } from './positions.js';
import { nameOfLog } from './received.js';

/** How long a change took to a device whose user it was for. */
export interface Delay {
  /** Only the time in which the device was connected to somebody who could have told it. */
  readonly ms: number;
  readonly change: Change;
  readonly chatId: number;
  readonly device: string;
  /** Whether it could have come at once: the device was connected when the change was committed. */
  readonly couldBeLive: boolean;
  /** How it got there; undefined: it did not, as long as it was to. */
  readonly by: Position['by'] | undefined;
}

const ALWAYS: Membership = { fromPts: 0, toPts: Infinity, since: 0, until: Infinity };

/** Those of each change to each device, but for changes of which nothing was left at the end. */
export function measureDelays(history: History, database: DatabaseState): Delay[] {
  const memberships = allMemberships(database.chats);
  const chats = database.chats.map((chat) => ({ id: chat.id, changes: changesOf(chat) }));
  return history.devices.flatMap((device) => {
    const connected = connectedTime(device, history);
    const positions = positionsOf(device.entries);
    const ownLog = database.ownLogs.get(device.userId);
    const logs = ownLog ? [...chats, { id: OWN_LOG, changes: ownChangesOf(ownLog) }] : chats;
    return logs.flatMap(({ id, changes }) => {
      const mine = id === OWN_LOG ? [ALWAYS] : (memberships.get(id)?.get(device.userId) ?? []);
      const arrivals = arrivalsOf(changes, mine, positions.get(id) ?? [], history.endedAt);
      return Array.from(arrivals, ({ change, to, by }): Delay => {
        const { committedAt } = change;
        const ms = timeWithin(connected, { from: committedAt, to });
        const couldBeLive = connected.some((span) => span.from <= committedAt && committedAt < span.to);
        return { ms, change, chatId: id, device: device.name, couldBeLive, by };
      });
    });
  });
}

/** Everything in time, for each device. */
export function* checkDelays(devices: readonly DeviceHistory[], delays: readonly Delay[]): Generator<Problems> {
  const late = delays.filter(({ ms }) => ms > LIMIT_MS);
  for (const { name } of devices) yield late.filter(({ device }) => device === name).map(describeDelay);
}

export function describeDelay({ ms, change, chatId, device, by }: Delay): string {
  const what = `${change.text}, pts ${change.pts} of ${nameOfLog(chatId)}, committed at ${isoTime(change.committedAt)}`;
  return `${what}, ${by === undefined ? 'had not come' : 'came'} to ${device} after ${(ms / 1000).toFixed(1)} s`;
}

interface Arrival {
  readonly change: Change;
  /** Until when it was waited for. */
  readonly to: number;
  readonly by: Position['by'] | undefined;
}

/** When the changes of a chat came to a device, of those that its user was to have. Both are in their order. */
function* arrivalsOf(
  changes: readonly Change[],
  memberships: readonly Membership[],
  positions: readonly Position[],
  endedAt: number,
): Generator<Arrival> {
  let place = 0;
  for (const change of changes) {
    const membership = memberships.find(({ fromPts, toPts }) => fromPts <= change.pts && change.pts <= toPts);
    if (!membership) continue;
    if (change.pts === membership.toPts) {
      const had = positions.findLast(({ at }) => at < change.committedAt)?.pts !== undefined;
      // The user's removal: the chat goes, or it is there because they were added again.
      const gone = positions.find(({ at, pts = Infinity }) => at >= change.committedAt && pts > change.pts);
      if (had) yield { change, to: Math.min(gone?.at ?? Infinity, endedAt), by: gone?.by };
      continue;
    }
    while (place < positions.length && (positions[place]!.pts ?? 0) < change.pts) place++;
    const position = positions[place];
    const to = Math.min(position?.at ?? Infinity, membership.until, endedAt);
    yield { change, to, by: to === position?.at ? position.by : undefined };
  }
}
