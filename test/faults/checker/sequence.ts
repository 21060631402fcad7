import type { DeviceKind } from '../../client/device.js';
import type { DeviceHistory } from './history.js';
import { describeEvent, isRemovalOf, type Received } from './received.js';

/**
 * Events that say how far a chat, or the user's own log, has come, so that a gap before what follows is known. All others that
 * have a number are durable, whatever their kind.
 */
const HINTS = new Set(['chat.created', 'chat.advanced', 'chat.too_long', 'me.advanced']);

/** How far the events of a connection have come, by chat. */
type Numbers = Map<number, number>;

/**
 * The durable events of a chat come once on a connection, and in their order. A stream that goes on from an id does not
 * repeat what came before that id. On a socket nothing is left out without a word.
 */
export function* checkSequence(device: DeviceHistory): Generator<string> {
  let newest: Numbers = new Map();
  let told: Numbers = new Map();
  let via: DeviceKind = 'socket';
  const atIds = new Map<string, Numbers>();
  for (const entry of device.entries) {
    if (entry.kind === 'connected') {
      via = entry.via;
      newest = new Map(entry.resumedFrom === undefined ? [] : atIds.get(entry.resumedFrom));
      told = new Map();
    }
    if (entry.kind === 'id') atIds.set(entry.id, new Map(newest));
    if (entry.kind === 'resync') told = new Map();
    if (entry.kind !== 'received' || entry.pts === undefined) continue;
    if (!HINTS.has(entry.type)) yield* checkOrder(entry, entry.pts, newest);
    if (via === 'socket') yield* checkDensity(entry, entry.pts, told);
    // A user who is added again begins anew.
    if (isRemovalOf(device.userId, entry)) told.delete(entry.chatId);
  }
}

function* checkOrder(event: Received, pts: number, newest: Numbers): Generator<string> {
  const before = newest.get(event.chatId) ?? 0;
  if (before === pts) yield `got ${describeEvent(event)} twice on one connection`;
  if (before > pts) yield `got ${describeEvent(event)} after ${before}`;
  newest.set(event.chatId, Math.max(pts, before));
}

/** The first number of a chat on a connection is not compared: the sync has what was before it. */
function* checkDensity(event: Received, pts: number, told: Numbers): Generator<string> {
  const { type, chatId } = event;
  const before = told.get(chatId);
  if (!HINTS.has(type) && before !== undefined && pts > before + 1) {
    yield `got ${describeEvent(event)}, and nothing of what is between ${before} and it`;
  }
  told.set(chatId, Math.max(pts, before ?? 0));
}
