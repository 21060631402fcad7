import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { BLANK_TEXTS } from '../../support/blank-texts.js';
import { expectError, register } from '../../support/client.js';

const test = useApp();

describe('PATCH /user/bio', () => {
  it('changes what GET /user/me says', async () => {
    const user = await register(test);
    const before = (await user.get('/user/me')).body;
    expect(await user.patch('/user/bio', { bio: 'Counting on engines.' })).toMatchObject({
      status: 200,
      body: { success: true },
    });
    const after = (await user.get('/user/me')).body;
    const changed = { bio: 'Counting on engines.', updated_at: expect.any(String), version: expect.any(Number) };
    expect(after).toEqual({ ...before, ...changed });
    expect(Date.parse(after.updated_at)).toBeGreaterThanOrEqual(Date.parse(before.updated_at));
  });

  it('takes 64 characters of any script, and none', async () => {
    const user = await register(test);
    for (const bio of ['🙂'.repeat(64), 'שלום', '']) {
      expect((await user.patch('/user/bio', { bio })).status).toBe(200);
      expect((await user.get('/user/me')).body.bio).toBe(bio);
    }
  });

  it('makes an empty one of one in which nothing is to be seen', async () => {
    const user = await register(test);
    for (const bio of Object.values(BLANK_TEXTS)) {
      await user.patch('/user/bio', { bio: 'x' });
      expect((await user.patch('/user/bio', { bio })).status).toBe(200);
      expect((await user.get('/user/me')).body.bio).toBe('');
    }
  });

  it('is no change when it is the same', async () => {
    const user = await register(test);
    for (const bio of ['mine', '', ' ']) {
      await user.patch('/user/bio', { bio });
      const before = (await user.get('/user/me')).body;
      expect((await user.patch('/user/bio', { bio })).body).toEqual({ success: true });
      expect((await user.get('/user/me')).body).toEqual(before);
    }
  });

  it.each([{ bio: 'a'.repeat(65) }, { bio: null }, { bio: 5 }, {}, { bio: 'a\0b' }, { bio: '\udc00' }])(
    'refuses %j',
    async (body) => {
      const user = await register(test);
      const answer = await user.patch('/user/bio', body);
      expectError(answer, 422, 'VALIDATION_ERROR', { errors: { bio: expect.any(String) } });
    },
  );

  it('changes nobody else', async () => {
    const [user, other] = [await register(test), await register(test)];
    await user.patch('/user/bio', { bio: 'mine' });
    expect((await other.get('/user/me')).body.bio).toBeNull();
  });
});
