import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../../src/features/auth/passwords.js';

describe('the queue of passwords', () => {
  it('refuses a network that asks for too much, and answers others meanwhile', { timeout: 60_000 }, async () => {
    const crowd = Array.from({ length: 400 }, (_, index) =>
      index % 2 ? verifyPassword(undefined, 'x', 'crowded') : hashPassword('x', 'crowded').then(() => true),
    );
    const results = Promise.allSettled(crowd);
    let ended = false;
    void results.then(() => (ended = true));
    expect(await verifyPassword(await hashPassword('x', 'quiet'), 'x', 'quiet')).toBe(true);
    expect(ended).toBe(false);

    const refused = (await results).filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(90);
    expect(refused.length).toBeLessThan(400);
    for (const result of refused) {
      expect(result).toMatchObject({ reason: { code: 'TOO_MANY_REQUESTS', extras: { retryAfterSeconds: 1 } } });
    }
    expect(await verifyPassword(undefined, 'x', 'crowded')).toBe(false);
  });
});

describe('a password', () => {
  const composed = 'Zo\u00eb \u00e5ngstr\u00f6m';
  const decomposed = composed.normalize('NFD');

  it('is the same however its letters are composed', async () => {
    expect(decomposed).not.toBe(composed);
    for (const [kept, typed] of [
      [composed, decomposed],
      [decomposed, composed],
    ] as const) {
      const hash = await hashPassword(kept, 'a');
      expect(await verifyPassword(hash, typed, 'a')).toBe(true);
      expect(await verifyPassword(hash, `${typed}x`, 'a')).toBe(false);
    }
  });
});
