import { describe, expect, it } from 'vitest';
import { PASSWORD, call, expectError, registerMany, uniqueName, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();

const mute = (person: Person, other: Person, body: object = {}) => person.put(`/user/mutes/${other.id}`, body);
const unmute = (person: Person, other: Person) => person.delete(`/user/mutes/${other.id}`);
const list = async (person: Person, query = '') => (await person.get(`/user/mutes${query}`)).body;
const sync = async (person: Person, me_pts: number) =>
  (await person.post('/sync', { epoch: null, chats: {}, me_pts })).body.me;
const trio = async () => (await registerMany(test, 3)) as [Person, Person, Person];

describe('mutes of people', () => {
  it('are told to all devices of the user, and of the other to none', async () => {
    const [ada, bob] = await trio();
    await ada.openPrivate(bob);
    const [phone, laptop, bobs] = [await Socket.of(ada), await Socket.of(ada), await Socket.of(bob)];
    await mute(ada, bob, { until: TOMORROW });
    await unmute(ada, bob);
    for (const socket of [phone, laptop]) {
      expect(await socket.rest()).toEqual([
        { type: 'mute.updated', me_pts: 1, data: { id: bob.id, muted: true, until: TOMORROW } },
        { type: 'mute.updated', me_pts: 2, data: { id: bob.id, muted: false, until: null } },
      ]);
    }
    expect(await bobs.rest()).toEqual([]);
    expect(await list(bob)).toMatchObject({ count: 0 });
    expect((await sync(ada, 0)).changes).toEqual([
      { type: 'mute.updated', me_pts: 2, data: { id: bob.id, muted: false, until: null } },
    ]);
  });

  it('may be repeated: the same again changes nothing, another end does', async () => {
    const [ada, bob] = await trio();
    for (let count = 0; count < 2; count++) expect(await mute(ada, bob)).toMatchObject({ status: 200 });
    const raced = await Promise.all(Array.from({ length: 4 }, () => mute(ada, bob, { until: TOMORROW })));
    expect(raced.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await sync(ada, 0)).toMatchObject({ me_pts: 2, changes: [{ data: { until: TOMORROW } }] });
    for (let count = 0; count < 2; count++) expect(await unmute(ada, bob)).toMatchObject({ status: 200 });
    expect(await sync(ada, 2)).toMatchObject({ me_pts: 3, changes: [{ data: { muted: false } }] });
  });

  it('are listed by pages, the newest first, until they end', async () => {
    const [ada, bob, eve] = await trio();
    await mute(ada, bob);
    await mute(ada, eve, { until: TOMORROW });
    const first = await list(ada, '?limit=1');
    expect(first).toMatchObject({ has_more: true, count: 1, mutes: [{ user: eve.shown, until: TOMORROW }] });
    const second = await list(ada, `?limit=1&cursor=${first.next}`);
    expect(second).toMatchObject({ has_more: false, mutes: [{ user: bob.shown, until: null }] });
    await test.db.userMute.updateMany({ where: { muted_user_id: BigInt(eve.id) }, data: { until: new Date(0) } });
    expect((await list(ada)).mutes.map(({ user }: { user: Person }) => user.id)).toEqual([bob.id]);
  });

  it('leave everything else as it is: messages come and are unread', async () => {
    const [ada, bob] = await trio();
    const chatId = await ada.openPrivate(bob);
    await mute(ada, bob);
    await bob.send(chatId, 'still here');
    expect((await ada.get('/user/badge')).body).toMatchObject({ messages: 1, chats: 1 });
    expect((await ada.get(`/chat/${chatId}`)).body).toMatchObject({ unread_count: 1 });
  });

  it.each(['PUT', 'DELETE'] as const)('%s refuses oneself, nobody, and who is not there', async (method) => {
    const [ada, bob] = await trio();
    const body = method === 'PUT' ? {} : undefined;
    const ask = (id: number | string, token?: string) =>
      call(test, method, `/user/mutes/${id}`, { token: token ?? ada.token, body });
    expectError(await ask(ada.id), 400, 'MUTE_YOURSELF', { errors: { user_id: expect.any(String) } });
    expectError(await ask(9_999_999), 404, 'USER_NOT_FOUND');
    expectError(await ask('x'), 422, 'VALIDATION_ERROR', { errors: { user_id: expect.any(String) } });
    expectError(await call(test, method, `/user/mutes/${bob.id}`, { body }), 401, 'NOT_AUTHORIZED');
    expectError(await ask(bob.id, test.app.createAccessToken(9_999_999)), 401, 'NOT_AUTHORIZED');
    expect(await sync(ada, 0)).toMatchObject({ me_pts: 0 });
  });

  it('refuse an end that has passed, and none that is no time', async () => {
    const [ada, bob] = await trio();
    const past = await mute(ada, bob, { until: '2020-01-01T00:00:00.000Z' });
    expectError(past, 422, 'VALIDATION_ERROR', { errors: { until: 'must be a time to come' } });
    expect((await mute(ada, bob, { until: 'soon' })).status).toBe(422);
    expect(await list(ada)).toMatchObject({ count: 0 });
  });

  it('are ten thousand at the most', async () => {
    const [ada, bob, eve] = await trio();
    const mark = uniqueName();
    await test.db.$executeRaw`
      with other as (
        insert into public."user" (username) select ${mark} || '-' || n from generate_series(1, 9999) n returning id
      )
      insert into public.user_mute (user_id, muted_user_id, muted_at, me_pts)
      select ${ada.id}, id, now(), row_number() over (order by id) from other`;
    await test.db.$executeRaw`insert into public.user_log (user_id, me_pts) values (${ada.id}, 9999)`;
    expect(await mute(ada, bob)).toMatchObject({ status: 200 });
    expectError(await mute(ada, eve), 409, 'TOO_MANY_MUTES');
    expect(await mute(ada, bob, { until: TOMORROW })).toMatchObject({ status: 200 });
    await unmute(ada, bob);
    expect(await mute(ada, eve)).toMatchObject({ status: 200 });
  });

  it('go with a user who is erased; one of them can be taken back', async () => {
    const [ada, bob, eve] = await trio();
    await mute(ada, bob);
    await mute(bob, eve);
    expect((await call(test, 'DELETE', '/user/me', { token: bob.token, body: { password: PASSWORD } })).status).toBe(
      200,
    );
    expect(await test.db.userMute.count({ where: { user_id: BigInt(bob.id) } })).toBe(0);
    expect(await unmute(ada, bob)).toMatchObject({ status: 200 });
    expect(await list(ada)).toMatchObject({ count: 0 });
  });
});
