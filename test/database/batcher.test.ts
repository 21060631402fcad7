import pg from 'pg';
import { expect, it } from 'vitest';
import { Batcher } from '../../src/database/batcher.js';

/** What PostgreSQL says with this code, as the driver throws it. */
function databaseError(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code });
}

const CHECK_VIOLATION = '23514';
const DEADLOCK = '40P01';
const TIMEOUT = '57014';
const DISK_FULL = '53100';

/** Remembers its batches, and refuses those in which there is something bad. */
function recording(
  concurrency: number,
  bad: (batch: number[]) => Error | undefined = () => undefined,
  overlaps = false,
) {
  const batches: number[][] = [];
  const batcher = new Batcher(
    async (inputs: number[]) => {
      batches.push(inputs);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const error = bad(inputs);
      if (error) throw error;
      return inputs.map((input) => input * 10);
    },
    { name: 'test', concurrency, maxBatch: 256, overlaps },
  );
  return { batches, call: (input: number) => batcher.call(input) };
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

it('puts the calls of one turn into a batch, and later calls into the next batch', async () => {
  const { batches, call } = recording(1);
  const first = [1, 2].map(call);
  await new Promise((resolve) => setImmediate(resolve));
  const second = [3, 4, 5].map(call);
  expect(await Promise.all([...first, ...second])).toEqual([10, 20, 30, 40, 50]);
  expect(batches).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  expect(await call(6)).toBe(60);
  expect(batches.at(-1)).toEqual([6]);
});

it('begins another batch while one is under way, as far as it may', async () => {
  const { batches, call } = recording(2);
  const answers: Promise<number>[] = [];
  for (const input of [1, 2, 3, 4]) {
    answers.push(call(input));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(answers);
  expect(batches).toEqual([[1], [2], [3, 4]]);
});

it.each([false, true])('answers before it begins the next batch, or after it: overlaps %s', async (overlaps) => {
  const { batches, call } = recording(1, undefined, overlaps);
  const first = call(1).then(() => batches.length);
  await new Promise((resolve) => setImmediate(resolve));
  const second = call(2).then(() => batches.length);
  expect(await Promise.all([first, second])).toEqual([overlaps ? 2 : 1, 2]);
});

it('carries no more than 256 at once', async () => {
  const { batches, call } = recording(1);
  await Promise.all(range(1, 600).map(call));
  expect(batches.map(({ length }) => length)).toEqual([256, 256, 88]);
  expect(batches.flat()).toEqual(range(1, 600));
});

it('lets a bad call fail alone', async () => {
  const { batches, call } = recording(1, (inputs) => (inputs.includes(2) ? databaseError(CHECK_VIOLATION) : undefined));
  const answers = await Promise.allSettled([1, 2, 3].map(call));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
});

it('stops trying each alone when the database is away', async () => {
  const { batches, call } = recording(1, (inputs) => {
    if (inputs.length > 1) return databaseError(CHECK_VIOLATION);
    return inputs[0] === 2 ? databaseError(TIMEOUT) : undefined;
  });
  const answers = await Promise.allSettled([1, 2, 3, 4].map(call));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
  expect(batches).toEqual([[1, 2, 3, 4], [1], [2]]);
});

it('tries each alone after a deadlock', async () => {
  const { call } = recording(1, ({ length }) => (length > 1 ? databaseError(DEADLOCK) : undefined));
  expect(await Promise.all([1, 2, 3].map(call))).toEqual([10, 20, 30]);
});

it.each([
  ['a lost connection, of which nobody knows what was kept', new Error('Connection terminated unexpectedly')],
  ['a statement that took too long', databaseError(TIMEOUT)],
  ['a disk that is full', databaseError(DISK_FULL)],
])('does not repeat after %s', async (_what, error) => {
  const { batches, call } = recording(1, ([first]) => (first === 1 ? error : undefined));
  const answers = await Promise.allSettled([1, 2].map(call));
  expect(answers).toMatchObject([
    { status: 'rejected', reason: error },
    { status: 'rejected', reason: error },
  ]);
  expect(batches).toHaveLength(1);
  expect(await call(3)).toBe(30);
});

it('keeps the calls of a closed lane, and then carries them out before later ones', async () => {
  const batches: number[][] = [];
  const batcher = new Batcher<number, number>(
    (inputs) => {
      batches.push(inputs);
      return Promise.resolve(inputs);
    },
    { name: 'test', concurrency: 1, maxBatch: 3 },
    () => 'owner',
    (input) => input % 2,
  );
  batcher.close(1);
  const kept = [1, 3, 5].map((input) => batcher.call(input));
  expect(await Promise.all([2, 4].map((input) => batcher.call(input)))).toEqual([2, 4]);
  kept.push(batcher.call(7));
  batcher.open(1);
  kept.push(batcher.call(9));
  expect(await Promise.all(kept)).toEqual([1, 3, 5, 7, 9]);
  expect(batches.flat()).toEqual([2, 4, 1, 3, 5, 7, 9]);
});
