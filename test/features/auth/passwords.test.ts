import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../../src/features/auth/passwords.js';

describe('the queue of passwords', () => {
  it('refuses who would wait too long, and is itself again afterwards', { timeout: 60_000 }, async () => {
    const crowd = Array.from({ length: 1000 }, (_, index) =>
      index % 2 ? verifyPassword(undefined, 'x') : hashPassword('x').then(() => true),
    );
    const results = await Promise.allSettled(crowd);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(100);
    expect(refused.length).toBeLessThan(1000);
    for (const result of refused) {
      expect(result).toMatchObject({ reason: { code: 'SERVICE_UNAVAILABLE', extras: { retryAfterSeconds: 5 } } });
    }
    expect(await verifyPassword(undefined, 'x')).toBe(false);
    expect(await verifyPassword(await hashPassword('x'), 'x')).toBe(true);
  });
});
