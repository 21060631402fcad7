import { describe, expect, it } from 'vitest';
import { call, expectError, register, uniqueName } from '../../support/client.js';
import { eraseMe } from '../../support/erasures.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';
import { fourPeople, joinTeams } from '../../support/teams.js';

const test = useServer();

const HUNDRED = Array.from({ length: 100 }, (_, index) => `team:${String(index).padStart(2, '0')}`.padEnd(64, '-'));

describe('the teams of a user', () => {
  it('are none at first, and those that the host application gives, in order and once each', async () => {
    const host = await Host.of(test);
    const path = `/server/users/ext:${uniqueName()}`;
    const put = async (user: object) => (await host.put(path, user)).body;
    expect(await put({})).toMatchObject({ outcome: 'created', user: { teams: [] } });
    expect(await put({ teams: ['b', 'B', 'a.1', 'b'] })).toMatchObject({
      outcome: 'updated',
      user: { teams: ['B', 'a.1', 'b'] },
    });
    expect(await put({ teams: ['a.1', 'b', 'B'] })).toMatchObject({ outcome: 'unchanged' });
    expect(await put({ name: 'Ada' })).toMatchObject({ outcome: 'updated', user: { teams: ['B', 'a.1', 'b'] } });
    expect((await host.patch(path, { name: null })).body.user.teams).toEqual(['B', 'a.1', 'b']);
    expect((await host.patch(path, { teams: HUNDRED })).body.user.teams).toEqual(HUNDRED);
    expect((await host.patch(path, { teams: [] })).body).toMatchObject({ outcome: 'updated', user: { teams: [] } });
    expect((await host.put(`${path}x`, { teams: ['NULL', 'null'] })).body.user.teams).toEqual(['NULL', 'null']);
  });

  it('come with a batch, each user by itself', async () => {
    const host = await Host.of(test);
    const [one, other] = [uniqueName(), uniqueName()];
    const batch = async (users: object[]) => (await host.post('/server/users/batch', { users })).body.results;
    expect(await batch([{ external_id: one, teams: ['b', 'a'] }, { external_id: other }])).toMatchObject([
      { outcome: 'created', user: { teams: ['a', 'b'] } },
      { outcome: 'created', user: { teams: [] } },
    ]);
    expect(await batch([{ external_id: one }, { external_id: other, teams: ['c'] }])).toMatchObject([
      { outcome: 'unchanged', user: { teams: ['a', 'b'] } },
      { outcome: 'updated', user: { teams: ['c'] } },
    ]);
  });

  it.each<[string, unknown]>([
    ['a text', 'engines'],
    ['null', null],
    ['101 teams', [...HUNDRED, 'one more']],
    ['101 teams of which two are the same', [...HUNDRED, HUNDRED[0]]],
    ['an empty team', ['']],
    ['65 characters', ['x'.repeat(65)]],
    ['a space', ['a b']],
    ['a slash', ['a/b']],
    ['a line break at the end', ['a\n']],
    ['a letter that is not ASCII', ['ä']],
    ['a number', [7]],
    ['a list in it', [['a']]],
  ])('are not %s', async (_what, teams) => {
    const [host, ada] = [await Host.of(test), await register(test)];
    for (const answer of [
      await host.put(`/server/users/${ada.id}`, { teams }),
      await host.patch(`/server/users/${ada.id}`, { teams }),
    ]) {
      expect(answer.status).toBe(422);
      expect(Object.keys(answer.body.details.errors as object)[0]).toMatch(/^teams/);
    }
    expect((await ada.get('/user/me')).body.teams).toEqual([]);
  });

  it('are shown to the user, at once on all devices, and to nobody else', async () => {
    const { host, ada, bob } = await fourPeople(test);
    await ada.openPrivate(bob);
    const socket = await Socket.of(ada);
    await joinTeams(host, ada, ['engines', 'looms']);
    expect((await socket.take('me.updated')).data.teams).toEqual(['engines', 'looms']);
    expect((await ada.get('/user/me')).body.teams).toEqual(['engines', 'looms']);
    const exported = String((await ada.get('/user/me/export')).body);
    expect(exported).toContain('"looms"');
    const seen = [
      await bob.get(`/user/${ada.id}`),
      await bob.get('/user/chats'),
      await bob.post('/sync', { epoch: null, chats: {}, people_pts: 0 }),
      await bob.get(`/user/search?q=${ada.username}`),
    ];
    for (const answer of seen) {
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).toContain(ada.username);
      expect(JSON.stringify(answer.body)).not.toContain('looms');
    }
    expect(seen[0]!.body.version).toBe(0);
  });

  it('are not for the user to change', async () => {
    const ada = await register(test);
    expect((await ada.patch('/user/me', { teams: ['engines'] })).status).toBe(422);
    const body = { username: uniqueName(), email: `${uniqueName()}@example.com`, password: 'a password of sixteen' };
    expect((await call(test, 'POST', '/register', { body: { ...body, teams: ['engines'] } })).status).toBe(422);
    const reader = await Host.of(test, ['users:read']);
    expectError(await reader.patch(`/server/users/${ada.id}`, { teams: ['engines'] }), 403, 'SCOPE_REQUIRED', {
      errors: expect.any(Object),
    });
  });

  it('are gone with the user', async () => {
    const { ada } = await fourPeople(test);
    await eraseMe(ada);
    const { teams } = await test.db.user.findUniqueOrThrow({ where: { id: BigInt(ada.id) } });
    expect(teams).toEqual([]);
  });
});
