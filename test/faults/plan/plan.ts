import type { RestartMode } from '../processes/postgres.js';
import type { Random } from '../random.js';
import type { Profile } from './profiles.js';

/** What people do. */
const ACTIONS = [
  'send',
  'edit',
  'delete',
  'read',
  'settings',
  'enrich',
  'type',
  'rename',
  'add',
  'leave',
  'remove',
  'open',
] as const;
export type ActionKind = (typeof ACTIONS)[number];

/**
 * How a client loses an answer: its connection breaks while the request is on its way, or the answer comes and nobody
 * heeds it.
 */
export type Loss = 'none' | 'connection' | 'answer';

export interface Action {
  readonly at: number;
  readonly kind: ActionKind;
  /** Places between 0 and 1, by which somebody and something is chosen among what is there then. */
  readonly who: number;
  readonly what: number;
  readonly whom: number;
  readonly road: 'rest' | 'socket';
  readonly loss: Loss;
  /** Which node gets the first try; without it any. */
  readonly node?: number;
}

type BrokerOutage = 'freeze' | 'shut down';

export type Fault = { readonly at: number; /** Which one, as a place between 0 and 1. */ readonly which: number } & (
  | {
      readonly kind: 'kill node';
      readonly afterMs: number;
      /** Or before, as soon as somebody hears of a newcomer, who may not have been told yet. */
      readonly whenHeard: boolean;
      readonly downMs: number;
    }
  | { readonly kind: 'freeze node'; readonly ms: number }
  | { readonly kind: 'restart PostgreSQL'; readonly mode: RestartMode; readonly downMs: number }
  | { readonly kind: 'stop broker'; readonly mode: BrokerOutage; readonly ms: number }
  | { readonly kind: 'cut connection' }
  | { readonly kind: 'freeze connection'; readonly ms: number }
  | { readonly kind: 'stay away'; readonly ms: number }
  | { readonly kind: 'reload' }
  | { readonly kind: 'reconnect while sending'; readonly afterMs: number }
);
export type FaultKind = Fault['kind'];

type Step = { readonly action: Action } | { readonly fault: Fault };

export interface Plan {
  readonly durationMs: number;
  /** In the order of their times, which count from the beginning, in ms. */
  readonly steps: readonly (Step & { readonly at: number })[];
}

const FREEZE_MS = { min: 500, max: 6000 };
/** Longer than the server waits for a sign of life. Seldom, because most of a short run would go by. */
const LONG_FREEZE_MS = 55_000;
const LONG_FREEZE_CHANCE = 0.03;
/** A long run has it; a short one would be over. */
const LONG_FREEZE_FROM_MS = 180_000;

/** The same for the same random numbers, profile and duration. */
export function makePlan(random: Random, profile: Profile, durationMs: number): Plan {
  const actions = planActions(random, profile, durationMs).map((action) => ({ at: action.at, action }));
  const faults = planFaults(random, profile, durationMs).map((fault) => ({ at: fault.at, fault }));
  return { durationMs, steps: [...actions, ...faults].sort((a, b) => a.at - b.at) };
}

function planActions(random: Random, { actionsPerSecond, weights, lossChance }: Profile, durationMs: number): Action[] {
  const actions: Action[] = [];
  const kinds = ACTIONS.flatMap((kind) => Array.from({ length: weights[kind] ?? 0 }, () => kind));
  const count = Math.round((actionsPerSecond * durationMs) / 1000);
  for (let n = 0; n < count; n++) {
    actions.push({
      at: random.between(0, durationMs),
      kind: kinds[random.below(kinds.length)]!,
      ...drawPlaces(random),
      road: random.chance(0.4) ? 'socket' : 'rest',
      loss: random.chance(lossChance) ? (random.chance(0.5) ? 'connection' : 'answer') : 'none',
    });
  }
  return actions;
}

/** With whom and what something is done. */
export function drawPlaces(random: Random): Pick<Action, 'who' | 'what' | 'whom'> {
  return { who: random.next(), what: random.next(), whom: random.next() };
}

function planFaults(random: Random, { faults }: Profile, durationMs: number): Fault[] {
  return Object.entries(faults).flatMap(([kind, { perMinute, atLeast }]) => {
    const count = Math.max(atLeast, Math.round((perMinute * durationMs) / 60_000));
    const first = random.below(2);
    return Array.from({ length: count }, (_, n) => {
      // One in each of as many equal parts of the time, so that they are spread.
      const at = ((n + random.next()) * durationMs) / count;
      return {
        at,
        which: random.next(),
        ...planFault(random, kind as FaultKind, first + n, { at, durationMs }),
      } as Fault;
    });
  });
}

/** @param turn by which the kinds of an outage take turns. */
function planFault(
  random: Random,
  kind: FaultKind,
  turn: number,
  { at, durationMs }: { at: number; durationMs: number },
): Partial<Fault> {
  switch (kind) {
    case 'kill node':
      return {
        kind,
        afterMs: random.between(30, 150),
        whenHeard: turn % 2 === 0,
        downMs: random.between(100, 2500),
      };
    case 'freeze node':
      return { kind, ms: random.between(1000, 4500) };
    case 'restart PostgreSQL':
      return { kind, mode: turn % 2 === 0 ? 'fast' : 'immediate', downMs: random.between(0, 3000) };
    case 'stop broker':
      return { kind, mode: turn % 2 === 0 ? 'freeze' : 'shut down', ms: Math.min(10_000, durationMs / 4) };
    case 'cut connection':
    case 'reload':
      return { kind };
    case 'freeze connection': {
      const isLong = durationMs >= LONG_FREEZE_FROM_MS && random.chance(LONG_FREEZE_CHANCE);
      return { kind, ms: isLong ? LONG_FREEZE_MS : random.between(FREEZE_MS.min, FREEZE_MS.max) };
    }
    case 'stay away':
      // A device that is away comes back before the end.
      return { kind, ms: Math.min(random.between(durationMs / 10, durationMs / 3), durationMs - at) };
    case 'reconnect while sending':
      return { kind, afterMs: random.between(0, 600) };
  }
}
