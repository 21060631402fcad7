import { checkApplied } from './applied.js';
import { checkAudience } from './audience.js';
import { connectedTime } from './connected-time.js';
import type { DatabaseState } from './database.js';
import type { Problems } from './findings.js';
import type { History } from './history.js';
import { allMemberships } from './membership.js';
import { checkSequence } from './sequence.js';

/** What arrived at each device, and in which order. */
export function* checkDeliveries(history: History, { chats }: DatabaseState): Generator<Problems> {
  const memberships = allMemberships(chats);
  for (const device of history.devices) {
    const say = (text: string) => `${device.name} ${text}`;
    yield device.surprises.map(say);
    yield [...checkApplied(device)].map(say);
    yield [...checkSequence(device)].map(say);
    yield [...checkAudience(device, memberships, connectedTime(device, history))].map(say);
  }
}
