import type { DatabaseChat } from './database.js';

/** From when to when somebody was in a chat, by its numbers and by the clock. */
export interface Membership {
  /** The number with which they came. */
  readonly fromPts: number;
  /** The number with which they went, the last one that is theirs to see. */
  readonly toPts: number;
  /** When that was committed, as the rest. */
  readonly since: number;
  readonly until: number;
}

/** Those of each user in a chat, in their order. */
export type Memberships = ReadonlyMap<number, readonly Membership[]>;

/** Who was in which chat when, by the chats' ids. */
export function allMemberships(chats: readonly DatabaseChat[]): ReadonlyMap<number, Memberships> {
  return new Map(chats.map((chat) => [chat.id, membershipsOf(chat)]));
}

/** Whether somebody was in a chat from its beginning and has never left it. */
export function isLasting(memberships: readonly Membership[]): boolean {
  const [only, another] = memberships;
  return only?.fromPts === 0 && only.toPts === Infinity && !another;
}

/** Found by going back from those who are in it now. */
function membershipsOf({ participants, events }: DatabaseChat): Memberships {
  const found = new Map<number, Membership[]>();
  const open = new Map(participants.map((id) => [id, { toPts: Infinity, until: Infinity }]));
  const begin = (userId: number, fromPts: number, since: number) => {
    const end = open.get(userId);
    if (!end) return;
    open.delete(userId);
    found.set(userId, [{ fromPts, since, ...end }, ...(found.get(userId) ?? [])]);
  };
  for (const event of [...events].reverse()) {
    if (event.kind === 'participant.removed') open.set(event.userId, { toPts: event.pts, until: event.committedAt });
    if (event.kind === 'participant.added') for (const id of event.userIds) begin(id, event.pts, event.committedAt);
  }
  for (const userId of [...open.keys()]) begin(userId, 0, events[0]?.committedAt ?? 0);
  return found;
}
