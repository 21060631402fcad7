import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../src/shared/fair-queue.js';

/** Works that end when the test says so, and the order in which they began. */
class Works {
  readonly begun: string[] = [];
  readonly #ends: (() => void)[] = [];

  work(name: string): () => Promise<string> {
    return () => {
      this.begun.push(name);
      return new Promise((resolve) => {
        this.#ends.push(() => {
          resolve(name);
        });
      });
    };
  }

  async endNext(): Promise<void> {
    this.#ends.shift()?.();
    await new Promise(setImmediate);
  }
}

const WIDE = { name: 'test', perOwner: 100, waitingPerOwner: 100, waiting: 100 };

describe('a fair queue', () => {
  it('lets owners take turns, each with their works in order', async () => {
    const queue = new FairQueue({ ...WIDE, concurrency: 1 });
    const works = new Works();
    for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) void queue.run(name.slice(0, 1), works.work(name));
    await new Promise(setImmediate);
    for (let count = 0; count < 6; count++) await works.endNext();
    expect(works.begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  });

  it('gives one owner no more than their share, also when nobody else waits', async () => {
    const queue = new FairQueue({ ...WIDE, concurrency: 3, perOwner: 2 });
    const works = new Works();
    for (const name of ['a1', 'a2', 'a3', 'b1']) void queue.run(name.slice(0, 1), works.work(name));
    await new Promise(setImmediate);
    expect(works.begun).toEqual(['a1', 'a2', 'b1']);
    await works.endNext();
    expect(works.begun).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('refuses an owner with too many waiting by 429, and everybody when all have too many by 503', async () => {
    const queue = new FairQueue({ name: 'test', concurrency: 1, perOwner: 1, waitingPerOwner: 2, waiting: 3 });
    const works = new Works();
    const running = ['a1', 'a2', 'a3', 'b1'].map((name) => queue.run(name.slice(0, 1), works.work(name)));
    await expect(queue.run('a', works.work('a4'))).rejects.toMatchObject({ status: 429 });
    await expect(queue.run('b', works.work('b2'))).rejects.toMatchObject({ status: 503 });
    await new Promise(setImmediate);
    for (let count = 0; count < 4; count++) await works.endNext();
    expect(await Promise.all(running)).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  it('refuses by 503 what has waited too long, and goes on with what came later', async () => {
    const queue = new FairQueue({ ...WIDE, concurrency: 1, timeoutMs: 30 });
    const works = new Works();
    void queue.run('a', works.work('a1'));
    await expect(queue.run('b', works.work('b1'))).rejects.toMatchObject({ status: 503 });
    const later = queue.run('b', works.work('b2'));
    await works.endNext();
    await works.endNext();
    expect(await later).toBe('b2');
    expect(works.begun).toEqual(['a1', 'b2']);
  });

  it('goes on after a work that fails', async () => {
    const queue = new FairQueue({ ...WIDE, concurrency: 1 });
    const failing = queue.run('a', () => Promise.reject(new Error('it failed')));
    const next = queue.run('a', () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('it failed');
    expect(await next).toBe('done');
  });
});
