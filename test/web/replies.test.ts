import type { ShownMessage } from 'messenger-client';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ListedMessages } from '../../web/src/conversation/listed-messages.js';
import { Replies } from '../../web/src/threads/replies.js';
import { withoutReplies } from '../../web/src/threads/without-replies.js';

type Row = readonly [id: number | null, rootId?: number];

function listOf(rows: readonly Row[], hasOlder = false): ListedMessages {
  const messages = rows.map(([id, thread_id], place) => {
    const key = String(id ?? `waiting ${place}`);
    return { id, key, author_id: 5, ...(thread_id !== undefined && { thread_id }) } as ShownMessage;
  });
  return {
    length: messages.length,
    at: (place) => messages.at(place),
    indexOf: (wanted) => messages.findIndex(({ id }) => id === wanted),
    slice: (start, end) => messages.slice(start, end),
    hasOlder,
    isLoading: false,
  };
}

const idsOf = (list: ListedMessages) => list.slice().map(({ id }) => id);

function apart(rows: readonly Row[], hasOlder?: boolean): ListedMessages {
  const [list, replies] = [listOf(rows, hasOlder), new Replies()];
  replies.look(list);
  return withoutReplies(list, replies);
}

it('a chat without threads is the list itself', () => {
  const list = listOf([[1], [2]]);
  const replies = new Replies();
  replies.look(list);
  expect(withoutReplies(list, replies)).toBe(list);
});

it('replies are left out, those that wait as well', () => {
  const list = apart([[1], [2, 1], [3], [4, 1], [null, 1], [null]]);
  expect(idsOf(list)).toEqual([1, 3, null]);
  expect(list.indexOf(3)).toBe(1);
  expect(list.indexOf(4)).toBe(-1);
  expect(list.at(-1)?.key).toBe('waiting 5');
  expect(list.at(3)).toBeUndefined();
});

it('replies to a message that is gone stay, and those to one further back do not', () => {
  expect(idsOf(apart([[2], [4, 3], [5, 1]], true))).toEqual([2, 4]);
  expect(idsOf(apart([[2], [4, 3], [5, 1]], false))).toEqual([2, 4, 5]);
});

it('counts what others have written after a mark', () => {
  const [list, replies] = [listOf([[1], [2, 1], [3, 1], [4, 1]]), new Replies()];
  replies.look(list);
  expect(replies.unreadIn(list, 1, 2, 7)).toBe(2);
  expect(replies.unreadIn(list, 1, 2, 5)).toBe(0);
});

it('looks only at what is new, and begins anew after a gap', () => {
  const replies = new Replies();
  const isAny = () => true;
  const look = (rows: readonly Row[]) => {
    const list = listOf(rows, true);
    replies.look(list);
    return replies.placesIn(list, isAny);
  };
  expect(look([[5], [6, 5]])).toEqual([1]);
  expect(look([[3], [4, 3], [5], [6, 5], [7, 5]])).toEqual([1, 3, 4]);
  expect(look([[20], [21, 20]])).toEqual([1]);
  expect(look([[10], [11, 10], [20], [21, 20]])).toEqual([1, 3]);
});

it('is as a filter, whatever grows at which end', () => {
  const anyRow = fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined });
  const anyChat = fc.array(anyRow, { maxLength: 30 }).map((roots) =>
    roots.map((root, at): Row => {
      const id = at + 1;
      return root === undefined || root >= id || roots[root - 1] !== undefined ? [id] : [id, root];
    }),
  );
  fc.assert(
    fc.property(anyChat, fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 5 }), (rows, windows) => {
      const replies = new Replies();
      for (const [one, other] of windows) {
        const window = rows.slice(Math.min(one, other), Math.max(one, other));
        const list = listOf(window, true);
        replies.look(list);
        const shown = withoutReplies(list, replies);
        const expected = window.filter(([, rootId]) => rootId === undefined).map(([id]) => id);
        expect(idsOf(shown)).toEqual(expected);
        expect(expected.map((id) => shown.indexOf(id ?? 0))).toEqual(expected.map((_, place) => place));
      }
    }),
  );
});
