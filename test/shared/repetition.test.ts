import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Logger } from '../../src/shared/logger.js';
import { Repetition } from '../../src/shared/repetition.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const warn = vi.fn();

function repeat(work: () => Promise<void>): Repetition {
  warn.mockClear();
  return new Repetition(work, { pauseMs: 1000, log: { warn } as unknown as Logger, failure: 'could not' });
}

it('pauses after the work, however long that takes', async () => {
  let begun = 0;
  const repetition = repeat(() => {
    begun++;
    return new Promise((resolve) => setTimeout(resolve, 3000));
  });
  repetition.start();
  await vi.advanceTimersByTimeAsync(999);
  expect(begun).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toBe(1);
  await vi.advanceTimersByTimeAsync(3999);
  expect(begun).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toBe(2);
});

it('goes on after a failure, and says so once until it has succeeded', async () => {
  const outcomes = [true, false, false, true, false];
  const repetition = repeat(() => (outcomes.shift() ? Promise.resolve() : Promise.reject(new Error('away'))));
  repetition.startNow();
  await vi.advanceTimersByTimeAsync(4000);
  expect(outcomes).toEqual([]);
  expect(warn).toHaveBeenCalledTimes(2);
  expect(warn).toHaveBeenCalledWith({ err: new Error('away') }, 'could not');
});

it('waits, when it is stopped, for the work that is under way, and begins no other', async () => {
  let [begun, ended] = [0, 0];
  const repetition = repeat(async () => {
    begun++;
    await new Promise((resolve) => setTimeout(resolve, 500));
    ended++;
  });
  repetition.startNow();
  const stopped = repetition.stop();
  expect(repetition.isStopped).toBe(true);
  await vi.advanceTimersByTimeAsync(500);
  await stopped;
  expect(ended).toBe(1);
  repetition.start();
  await vi.advanceTimersByTimeAsync(5000);
  expect(begun).toBe(1);
});
