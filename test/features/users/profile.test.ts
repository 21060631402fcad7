import { describe, expect, it } from 'vitest';
import { expectError, register, registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const NOBODY = 2_000_000_000;

const versionOf = async (person: Person): Promise<number> => (await person.get('/user/me')).body.version;

describe('PATCH /user/me', () => {
  it('changes what is given and leaves the rest', async () => {
    const ada = await register(test);
    await ada.patch('/user/bio', { bio: 'Counting on engines.' });
    const before = (await ada.get('/user/me')).body;
    expect(before).toMatchObject({ name: ada.username, avatar_url: null, custom: {}, private: {}, trusted: {} });
    const change = {
      name: 'Ada Lovelace',
      avatar_url: 'https://example.com/ada.png',
      custom: { pronouns: 'she/her', links: ['https://example.com'] },
      private: { theme: 'dark' },
    };
    const { status, body } = await ada.patch('/user/me', change);
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, ...change, updated_at: expect.any(String), version: expect.any(Number) });
    expect(body.version).toBeGreaterThan(before.version);
    expect((await ada.get('/user/me')).body).toEqual(body);
  });

  it('sets the names of custom data that are given, and removes those that are null', async () => {
    const ada = await register(test);
    await ada.patch('/user/me', { custom: { a: 1, b: { c: [2] } } });
    expect((await ada.patch('/user/me', { custom: { a: null, d: false } })).body.custom).toEqual({
      b: { c: [2] },
      d: false,
    });
    expect((await ada.patch('/user/me', { custom: { b: null, d: null } })).body.custom).toEqual({});
  });

  it('takes back a name and a picture', async () => {
    const ada = await register(test);
    await ada.patch('/user/me', { name: 'Ada', avatar_url: 'https://example.com/ada.png' });
    const { body } = await ada.patch('/user/me', { name: null, avatar_url: null });
    expect(body).toMatchObject({ name: ada.username, avatar_url: null });
  });

  it('is no change when all is the same', async () => {
    const ada = await register(test);
    const change = { name: 'Ada', custom: { b: 1, a: [{ c: 2, d: 3 }] }, private: { x: 1 } };
    const before = (await ada.patch('/user/me', change)).body;
    const again = { name: 'Ada', custom: { a: [{ d: 3, c: 2 }], b: 1, never: null }, private: { x: 1 } };
    expect((await ada.patch('/user/me', again)).body).toEqual(before);
  });

  it('moves the version with what others see, and with nothing else', async () => {
    const ada = await register(test);
    await ada.patch('/user/me', { private: { x: 1 } });
    expect(await versionOf(ada)).toBe(0);
    await ada.patch('/user/bio', { bio: 'x' });
    const version = await versionOf(ada);
    expect(version).toBeGreaterThan(0);
    await ada.patch('/user/me', { private: { x: 2 } });
    expect(await versionOf(ada)).toBe(version);
  });

  it('changes nothing when the profile is not the one that the client has seen', async () => {
    const ada = await register(test);
    const { version } = (await ada.patch('/user/me', { name: 'Ada' })).body;
    expect((await ada.patch('/user/me', { name: 'Ada L.', if_version: version })).status).toBe(200);
    expectError(await ada.patch('/user/me', { name: 'A.', if_version: version }), 409, 'CHANGED_MEANWHILE');
    expect((await ada.get('/user/me')).body.name).toBe('Ada L.');
  });

  it('loses none of many changes at once', async () => {
    const ada = await register(test);
    const names = Array.from({ length: 20 }, (_, index) => `name_${index}`);
    const answers = await Promise.all(names.map((name) => ada.patch('/user/me', { custom: { [name]: 1 } })));
    for (const { status } of answers) expect(status).toBe(200);
    expect(Object.keys((await ada.get('/user/me')).body.custom).sort()).toEqual(names.sort());
  });

  const deep = (levels: number): unknown => (levels === 1 ? {} : { a: deep(levels - 1) });
  it.each<[string, Record<string, unknown>]>([
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(129) }],
    ['name', { name: 5 }],
    ['avatar_url', { avatar_url: 'javascript:alert(1)' }],
    ['avatar_url', { avatar_url: `https://${'x'.repeat(1020)}` }],
    ['custom', { custom: { Upper: 1 } }],
    ['custom', { custom: { ['x'.repeat(65)]: 1 } }],
    ['custom', { custom: { a: 'x'.repeat(4090) } }],
    ['custom', { custom: { a: '€'.repeat(1365) } }],
    ['custom', { custom: deep(6) }],
    ['custom', { custom: { a: 'a\0b' } }],
    ['custom', { custom: { a: { b: ['\udc00'] } } }],
    ['custom', { custom: { a: { 'a\0b': 1 } } }],
    ['custom', { custom: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`n${index}`, 1])) }],
    ['custom', { custom: [] }],
    ['custom', { custom: null }],
    ['private', { private: { a: 'x'.repeat(4090) } }],
    ['trusted', { trusted: { verified: true } }],
    ['email', { email: 'x@example.com' }],
    ['if_version', { if_version: -1 }],
  ])('refuses what is no %s: %j', async (field, change) => {
    const ada = await register(test);
    expectError(await ada.patch('/user/me', change), 422, 'VALIDATION_ERROR', {
      errors: { [field]: expect.any(String) },
    });
    expect(await versionOf(ada)).toBe(0);
  });

  it('refuses an infinite number, which JSON can write', async () => {
    const ada = await register(test);
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' };
    const payload = '{"custom":{"a":[1e999]}}';
    expect((await test.app.inject({ method: 'PATCH', url: '/user/me', headers, payload })).statusCode).toBe(422);
  });

  it('refuses custom data that is too much with what is there', async () => {
    const ada = await register(test);
    expect((await ada.patch('/user/me', { custom: { a: 'x'.repeat(3000) } })).status).toBe(200);
    expect((await ada.patch('/user/me', { custom: { b: 'x'.repeat(2000) } })).status).toBe(422);
    expect((await ada.patch('/user/me', { custom: { a: null, b: 'x'.repeat(2000) } })).status).toBe(200);
  });
});

describe('GET /user/{user_id}', () => {
  it('shows what others may know, and no more', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    await ada.patch('/user/me', { name: 'Ada', custom: { a: 1 }, private: { secret: 1 } });
    const { status, body } = await bob.get(`/user/${ada.id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...ada.shown,
      ...{ name: 'Ada', version: expect.any(Number), bio: null, custom: { a: 1 }, trusted: {} },
    });
  });

  it('knows nobody who is not there', async () => {
    const ada = await register(test);
    expectError(await ada.get(`/user/${NOBODY}`), 404, 'USER_NOT_FOUND');
    expectError(await ada.get('/user/x'), 422, 'VALIDATION_ERROR', { errors: { user_id: expect.any(String) } });
  });
});

describe('a name', () => {
  it('stands wherever the user is shown', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openPrivate(bob);
    await ada.send(chatId, 'hello');
    await ada.patch('/user/me', { name: 'Ada Lovelace' });
    const named = { id: ada.id, name: 'Ada Lovelace' };
    expect((await bob.get(`/chat/${chatId}`)).body).toMatchObject({ peer: named, participants: [named, bob.shown] });
    expect((await bob.get('/user/chats')).body.chats).toMatchObject([{ peer: named }]);
    expect((await bob.get(`/chat/${chatId}/messages`)).body.authors).toMatchObject([named]);
    expect((await bob.get(`/chat/${chatId}/participants`)).body.participants).toMatchObject([named, bob.shown]);
    expect((await bob.post('/sync', { epoch: null, chats: {} })).body.joined).toMatchObject([{ peer: named }]);
  });
});

describe('a change of a profile', () => {
  it('reaches who shares a chat with the user, once, and nobody else', async () => {
    const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
    await ada.openPrivate(bob);
    await ada.openGroup([bob]);
    const [adas, bobs, eves] = await Promise.all([ada, bob, eve].map((person) => Socket.of(person)));
    const { body: me } = await ada.patch('/user/me', { name: 'Ada', private: { secret: 1 } });
    const profile = (await bob.get(`/user/${ada.id}`)).body;
    expect(await bobs!.take('user.updated')).toEqual({ type: 'user.updated', data: profile });
    expect(await adas!.take('me.updated')).toEqual({ type: 'me.updated', me_pts: 1, data: me });
    expect(await adas!.take('user.updated')).toEqual({ type: 'user.updated', data: profile });
    for (const socket of [adas, bobs, eves]) expect(await socket!.rest()).toEqual([]);
  });

  it('comes as one event when there are many within a second', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    await ada.openPrivate(bob);
    const bobs = await Socket.of(bob);
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) await ada.patch('/user/me', { name });
    const names: string[] = [];
    while (names.at(-1) !== 'F') names.push((await bobs.take('user.updated')).data.name);
    expect(names.length).toBeLessThanOrEqual(2);
  });
});

describe('people of POST /sync', () => {
  const people = async (person: Person, people_pts: number, epoch: string | null = null) => {
    const { status, body } = await person.post('/sync', { epoch, chats: {}, people_pts });
    expect(status).toBe(200);
    return body.people;
  };

  it('begins with the number alone, and then has who changed since', async () => {
    const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
    await ada.openPrivate(bob);
    await eve.patch('/user/me', { name: 'Eve' });
    const { people_pts, ...start } = await people(bob, 0);
    expect(start).toEqual({ has_more: false, reset: false, profiles: [] });
    await eve.patch('/user/me', { name: 'Eve of elsewhere' });
    await ada.patch('/user/me', { name: 'A' });
    await bob.patch('/user/me', { name: 'Bob' });
    await ada.patch('/user/me', { name: 'Ada' });
    const next = await people(bob, people_pts);
    const [bobs, adas] = await Promise.all([bob, ada].map(async ({ id }) => (await bob.get(`/user/${id}`)).body));
    expect(next).toMatchObject({ has_more: false, reset: false, profiles: [bobs, adas] });
    expect(next.people_pts).toBeGreaterThanOrEqual(Number(people_pts) + 4);
    expect((await people(bob, next.people_pts)).profiles).toEqual([]);
  });

  it('is not there unless it is asked for', async () => {
    const ada = await register(test);
    expect((await ada.post('/sync', { epoch: null, chats: {} })).body).not.toHaveProperty('people');
  });

  it('says when the number stands for nothing', async () => {
    const ada = await register(test);
    const { people_pts } = await people(ada, 0);
    expect(await people(ada, Number(people_pts) + 1_000_000)).toMatchObject({ reset: true, profiles: [] });
    expect(await people(ada, Math.max(1, people_pts), 'another epoch')).toMatchObject({ reset: true, profiles: [] });
  });

  it('comes in slices', async () => {
    const ada = await register(test);
    const others = await registerMany(test, 80);
    await ada.openGroup(others);
    const { people_pts: start } = await people(ada, 0);
    for (const person of others)
      expect((await person.patch('/user/me', { custom: { a: 'x'.repeat(4000) } })).status).toBe(200);
    const seen: number[] = [];
    let more = true;
    for (let pts = start, slices = 0; more; slices++) {
      expect(slices).toBeLessThan(10);
      const slice = await people(ada, pts);
      expect(slice.people_pts).toBeGreaterThanOrEqual(pts);
      seen.push(...slice.profiles.map(({ id }: { id: number }) => id));
      ({ has_more: more, people_pts: pts } = slice);
    }
    expect(seen.sort((one, other) => one - other)).toEqual(
      others.map(({ id }) => id).sort((one, other) => one - other),
    );
  });
});
