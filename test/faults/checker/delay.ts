import { isoTime } from '../clock.js';
import { subtract, timeWithin, type Span } from '../spans.js';
import type { DatabaseChat, DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { DeviceHistory, History } from './history.js';
import { membershipsOf, type Memberships } from './membership.js';

const LIMIT_MS = 10_000;

/** How long a message took to a device that could have had it. */
export interface Delay {
  readonly ms: number;
  readonly text: string;
}

/** Everything in time, for each device. */
export function* checkDelays(history: History, database: DatabaseState): Generator<Problems> {
  const chats = withMemberships(database);
  for (const device of history.devices) {
    const late = [...delaysOf(device, history, chats)].filter(({ ms }) => ms > LIMIT_MS);
    yield late.map(({ ms, text }) => `${text}: ${(ms / 1000).toFixed(1)} s`);
  }
}

export function longestDelay(history: History, database: DatabaseState): Delay | undefined {
  const chats = withMemberships(database);
  let longest: Delay | undefined;
  for (const device of history.devices) {
    for (const delay of delaysOf(device, history, chats)) if (delay.ms > (longest?.ms ?? -1)) longest = delay;
  }
  return longest;
}

interface Chat {
  readonly chat: DatabaseChat;
  readonly memberships: Memberships;
}

function withMemberships(database: DatabaseState): Chat[] {
  return database.map((chat) => ({ chat, memberships: membershipsOf(chat) }));
}

/** Only messages of chats that the user was in for the whole time count, and of the time only what one was connected. */
function* delaysOf(device: DeviceHistory, history: History, chats: readonly Chat[]): Generator<Delay> {
  const connected = connectedTime(device, history);
  for (const { chat, memberships } of chats) {
    const mine = memberships.get(device.userId) ?? [];
    for (const { id, createdAt } of chat.messages) {
      const knownAt = device.known.get(id);
      if (knownAt === undefined || !mine.some(({ since, until }) => since <= createdAt && knownAt <= until)) continue;
      const ms = timeWithin(connected, { from: createdAt, to: knownAt });
      const text = `message ${id} of chat ${chat.id}, sent at ${isoTime(createdAt)}, to ${device.name}`;
      yield { ms, text };
    }
  }
}

/** When the device was connected to a node that could serve it. */
function connectedTime({ entries, frozen }: DeviceHistory, { frozenNodes, databaseDown, endedAt }: History): Span[] {
  const spans: Span[] = [];
  let open: { from: number; node: number } | undefined;
  const close = (to: number) => {
    if (open) spans.push(...subtract([{ from: open.from, to }], frozenNodes[open.node] ?? []));
    open = undefined;
  };
  for (const entry of entries) {
    if (entry.kind === 'connected') open = { from: entry.at, node: entry.node };
    if (entry.kind === 'disconnected') close(entry.at);
  }
  close(endedAt);
  return subtract(spans, [...frozen, ...databaseDown]);
}
