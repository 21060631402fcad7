import type { ListedMessages } from '../conversation/listed-messages.js';
import type { Replies } from './replies.js';

/** How many numbers of a list in order are below one. */
function countBelow(numbers: readonly number[], limit: number, valueOf: (at: number) => number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueOf(middle) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether one can still go to a thread: its message is there, or so far back that it has not been looked for. */
function isOpen(list: ListedMessages, rootId: number): boolean {
  return list.indexOf(rootId) >= 0 || (list.hasOlder && rootId < (list.at(0)?.id ?? Infinity));
}

/** The messages of a chat without those that are shown in their threads. Replies to a message that is gone have no other place. */
export function withoutReplies(list: ListedMessages, replies: Replies): ListedMessages {
  const left = replies.placesIn(list, (rootId) => isOpen(list, rootId));
  if (left.length === 0) return list;
  const length = list.length - left.length;
  const at = (place: number) => {
    const wanted = place < 0 ? length + place : place;
    if (wanted < 0 || wanted >= length) return undefined;
    return list.at(wanted + countBelow(left, wanted + 1, (each) => (left[each] ?? 0) - each));
  };
  return {
    length,
    at,
    indexOf: (id) => {
      const place = list.indexOf(id);
      if (place < 0) return -1;
      const before = countBelow(left, place, (each) => left[each] ?? 0);
      return left[before] === place ? -1 : place - before;
    },
    slice(start = 0, end = length) {
      const places = Array.from({ length: Math.max(0, Math.min(end, length) - start) }, (_, each) => start + each);
      return places.flatMap((place) => at(place) ?? []);
    },
    hasOlder: list.hasOlder,
    isLoading: list.isLoading,
  };
}
