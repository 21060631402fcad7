import type { Entry } from '../../client/journal.js';
import { groupBy } from '../group-by.js';

type Advance = Extract<Entry, { kind: 'applied' | 'synced' | 'taken' | 'forgotten' }>;

/** How far a device had come in a chat, from a time on. */
export interface Position {
  readonly at: number;
  /** undefined: it did not have the chat. */
  readonly pts: number | undefined;
  readonly by: Advance['kind'];
}

/** In the order of their times, by the ids of the chats. */
export function positionsOf(entries: readonly Entry[]): ReadonlyMap<number, readonly Position[]> {
  const found = entries.filter(isAdvance).map((entry) => {
    const { at, chatId, kind: by } = entry;
    return { at, chatId, pts: entry.kind === 'forgotten' ? undefined : entry.pts, by };
  });
  return groupBy(found, ({ chatId }) => chatId);
}

function isAdvance(entry: Entry): entry is Advance {
  return ['applied', 'synced', 'taken', 'forgotten'].includes(entry.kind);
}
