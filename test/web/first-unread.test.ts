import type { ShownMessage } from 'messenger-client';
import { expect, it } from 'vitest';
import { firstUnreadOf } from '../../web/src/conversation/first-unread.js';

const [ME, OTHER] = [1, 2];

/** A list that counts how often it is looked at. */
function listOf(messages: readonly (readonly [id: number | null, author: number])[]) {
  let looks = 0;
  return {
    length: messages.length,
    at: (place: number) => {
      looks++;
      const [id, author_id] = messages[place] ?? [null, ME];
      return { id, author_id } as ShownMessage;
    },
    get looks() {
      return looks;
    },
  };
}

it('is the first one of others after the mark, whatever one has written oneself', () => {
  const list = listOf([
    [10, OTHER],
    [12, OTHER],
    [13, ME],
    [15, OTHER],
    [16, OTHER],
    [null, ME],
  ]);
  expect(firstUnreadOf(list, 0, ME)).toBe(0);
  expect(firstUnreadOf(list, 11, ME)).toBe(1);
  expect(firstUnreadOf(list, 12, ME)).toBe(3);
  expect(firstUnreadOf(list, 16, ME)).toBeUndefined();
  expect(firstUnreadOf(list, undefined, ME)).toBeUndefined();
  expect(firstUnreadOf(listOf([]), 5, ME)).toBeUndefined();
});

it('does not go through 100,000 unread messages', () => {
  const list = listOf(Array.from({ length: 100_000 }, (_, index) => [index + 1, OTHER] as const));
  expect(firstUnreadOf(list, 0, ME)).toBe(0);
  expect(firstUnreadOf(list, 49_999, ME)).toBe(49_999);
  expect(list.looks).toBeLessThan(50);
});
