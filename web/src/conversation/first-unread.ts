import type { MessageList } from 'messenger-client';

/** The messages of a list, as far as one has to look at them here. */
type List = Pick<MessageList, 'length' | 'at'>;

/** The first place from which on all messages are newer than the mark, found by halving: there may be 100,000 of them. */
function placeAfter(list: List, mark: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    // What waits to be sent comes last.
    if ((list.at(middle)?.id ?? Infinity) <= mark) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the first message of others is that is newer than the mark. */
export function firstUnreadOf(list: List, mark: number | undefined, me: number): number | undefined {
  if (mark === undefined) return undefined;
  for (let place = placeAfter(list, mark); place < list.length; place++) {
    const message = list.at(place);
    if (message && message.id !== null && message.author_id !== me) return place;
  }
  return undefined;
}
