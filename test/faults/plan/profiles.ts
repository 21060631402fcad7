import type { ActionKind, FaultKind } from './plan.js';
import type { ClientName, Protection } from './protections.js';

interface Frequency {
  readonly perMinute: number;
  readonly atLeast: number;
}

/** How much of what a run has. */
export interface Profile {
  readonly actionsPerSecond: number;
  readonly weights: Readonly<Partial<Record<ActionKind, number>>>;
  /** How often a client loses the first answer to a send. */
  readonly lossChance: number;
  readonly faults: Readonly<Partial<Record<FaultKind, Frequency>>>;
}

/** Everything at once. */
export function everything(users: number, clients: ClientName): Profile {
  return {
    actionsPerSecond: users * 0.7,
    weights: {
      send: 60,
      edit: 12,
      delete: 6,
      read: 6,
      settings: 6,
      enrich: 70,
      type: 5,
      rename: 2,
      add: 4,
      leave: 2,
      remove: 2,
      open: 1,
    },
    lossChance: 0.15,
    faults: {
      'kill node': { perMinute: 2.6, atLeast: 3 },
      'freeze node': { perMinute: 0.8, atLeast: 1 },
      'restart PostgreSQL': { perMinute: 0.6, atLeast: 1 },
      'stop broker': { perMinute: 0.6, atLeast: 1 },
      'cut connection': { perMinute: users * 0.6, atLeast: 5 },
      'freeze connection': { perMinute: users * 0.2, atLeast: 3 },
      'stay away': clients === 'sdk' ? { perMinute: users * 0.1, atLeast: 2 } : { perMinute: users * 0.02, atLeast: 0 },
      ...(clients === 'sdk' && { reload: { perMinute: users * 0.2, atLeast: 4 } }),
      'reconnect while sending': { perMinute: users * 0.25, atLeast: 3 },
    },
  };
}

/** That for which each of the protections is there, and nothing that would hide what goes wrong without it. */
export const PROVOKING: Readonly<Record<Protection, Profile>> = {
  reconciler: {
    actionsPerSecond: 0,
    weights: {},
    lossChance: 0,
    faults: { 'kill node': { perMinute: 0, atLeast: 4 }, 'stop broker': { perMinute: 0, atLeast: 2 } },
  },
  dedupe: { actionsPerSecond: 10, weights: { send: 1 }, lossChance: 0.6, faults: {} },
  'attach-first': {
    actionsPerSecond: 0,
    weights: {},
    lossChance: 0,
    faults: { 'reconnect while sending': { perMinute: 60, atLeast: 20 } },
  },
  'every-change': { actionsPerSecond: 20, weights: { send: 3, edit: 2, delete: 1 }, lossChance: 0, faults: {} },
  'client-id': { actionsPerSecond: 20, weights: { send: 1 }, lossChance: 0.5, faults: {} },
};
