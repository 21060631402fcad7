import { vi, expect } from 'vitest';
import { PASSWORD, call, type Person, type TestTarget } from './client.js';

/** Deletes the account of the person. */
export async function eraseMe(person: Person, messages?: string): Promise<void> {
  const body = { password: PASSWORD, ...(messages !== undefined && { messages }) };
  expect(await call(person.test, 'DELETE', '/user/me', { token: person.token, body })).toMatchObject({ status: 200 });
}

/** Lets what is left to do about an erased user be due now. */
export async function hurry({ db }: TestTarget, userId: number): Promise<void> {
  await db.erasure.update({ where: { user_id: BigInt(userId) }, data: { due_at: new Date(0) } });
}

/** Until nothing is left of it to do, but the last look. */
export async function finished({ db }: TestTarget, userId: number): Promise<void> {
  const user_id = BigInt(userId);
  await vi.waitFor(
    async () => {
      const groups = await db.chatParticipant.count({ where: { user_id, chat: { type: 'group' } } });
      const soon = new Date(Date.now() + 40_000);
      const waiting = await db.erasure.count({ where: { user_id, due_at: { gt: soon } } });
      expect({ groups, waiting }).toEqual({ groups: 0, waiting: 1 });
    },
    { timeout: 20_000, interval: 50 },
  );
}
