import type { DatabaseChat } from './database.js';

/** From when to when somebody was in a chat, by its numbers and by the clock. */
export interface Membership {
  /** The number with which they came. */
  readonly fromPts: number;
  /** The number with which they went, the last one that is theirs to see. */
  readonly toPts: number;
  readonly since: number;
  readonly until: number;
}

export type Memberships = ReadonlyMap<number, readonly Membership[]>;

/** Who was in a chat when, found by going back from those who are in it now. */
export function membershipsOf({ participants, events, createdAt }: DatabaseChat): Memberships {
  const found = new Map<number, Membership[]>();
  const open = new Map(participants.map((id) => [id, { toPts: Infinity, until: Infinity }]));
  const begin = (userId: number, fromPts: number, since: number) => {
    const end = open.get(userId);
    if (!end) return;
    open.delete(userId);
    found.set(userId, [{ fromPts, since, ...end }, ...(found.get(userId) ?? [])]);
  };
  for (const event of [...events].reverse()) {
    if (event.kind === 'participant.removed') open.set(event.userId, { toPts: event.pts, until: event.at });
    if (event.kind === 'participant.added') for (const id of event.userIds) begin(id, event.pts, event.at);
  }
  for (const userId of [...open.keys()]) begin(userId, 0, createdAt);
  return found;
}
