import { describe, expect, it } from 'vitest';
import { call, expectError, registerMany, uniqueName, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const block = (person: Person, other: Person) => person.put(`/user/blocks/${other.id}`);
const unblock = (person: Person, other: Person) => person.delete(`/user/blocks/${other.id}`);
const sync = async (person: Person, me_pts: number) =>
  (await person.post('/sync', { epoch: null, chats: {}, me_pts })).body.me;
const blocked = async (person: Person, query = '') => (await person.get(`/user/blocks${query}`)).body;

async function trio() {
  return (await registerMany(test, 3)) as [Person, Person, Person];
}

describe('PUT and DELETE /user/blocks/{user_id}', () => {
  it('may be repeated: the same again changes nothing', async () => {
    const [ada, bob] = await trio();
    for (let count = 0; count < 2; count++) expect(await block(ada, bob)).toMatchObject({ status: 200 });
    expect(await sync(ada, 0)).toMatchObject({ me_pts: 1, changes: [{ data: { blocked: true } }] });
    for (let count = 0; count < 2; count++) expect(await unblock(ada, bob)).toMatchObject({ status: 200 });
    expect(await sync(ada, 1)).toMatchObject({ me_pts: 2, changes: [{ data: { blocked: false } }] });
    expect(await blocked(ada)).toMatchObject({ count: 0, users: [] });
  });

  it('makes one change of many at once', async () => {
    const [ada, bob] = await trio();
    const answers = await Promise.all(Array.from({ length: 8 }, () => block(ada, bob)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await sync(ada, 0)).toMatchObject({ me_pts: 1 });
  });

  it('taking back what was not there changes nothing', async () => {
    const [ada, bob] = await trio();
    expect(await unblock(ada, bob)).toMatchObject({ status: 200 });
    expect(await sync(ada, 0)).toMatchObject({ me_pts: 0, changes: [] });
  });

  it('are told to all devices of the user, and of the other to none', async () => {
    const [ada, bob] = await trio();
    await ada.openPrivate(bob);
    const [phone, laptop, bobs] = [await Socket.of(ada), await Socket.of(ada), await Socket.of(bob)];
    await block(ada, bob);
    await unblock(ada, bob);
    for (const socket of [phone, laptop]) {
      expect(await socket.rest()).toEqual([
        { type: 'block.updated', me_pts: 1, data: { user: bob.shown, blocked: true } },
        { type: 'block.updated', me_pts: 2, data: { user: bob.shown, blocked: false } },
      ]);
    }
    expect(await bobs.rest()).toEqual([]);
    expect(await sync(bob, 0)).toMatchObject({ me_pts: 0, changes: [] });
    expect((await bob.get('/user/blocks')).body.count).toBe(0);
  });

  it('a sync brings each state once, as it is now', async () => {
    const [ada, bob, eve] = await trio();
    for (const other of [bob, eve]) await block(ada, other);
    await unblock(ada, bob);
    expect((await sync(ada, 0)).changes).toEqual([
      { type: 'block.updated', me_pts: 2, data: { user: eve.shown, blocked: true } },
      { type: 'block.updated', me_pts: 3, data: { user: bob.shown, blocked: false } },
    ]);
    expect((await sync(ada, 2)).changes).toHaveLength(1);
    expect((await sync(ada, 3)).changes).toEqual([]);
  });

  it.each(['PUT', 'DELETE'] as const)('%s refuses oneself, nobody, and who is not there', async (method) => {
    const [ada, bob] = await trio();
    const ask = (id: number | string, token?: string) =>
      call(test, method, `/user/blocks/${id}`, { token: token ?? ada.token });
    expectError(await ask(ada.id), 400, 'BLOCK_YOURSELF', { errors: { user_id: expect.any(String) } });
    expectError(await ask(9_999_999), 404, 'USER_NOT_FOUND');
    expectError(await ask('x'), 422, 'VALIDATION_ERROR', { errors: { user_id: expect.any(String) } });
    expectError(await call(test, method, `/user/blocks/${bob.id}`), 401, 'NOT_AUTHORIZED');
    expectError(await ask(bob.id, test.app.createAccessToken(9_999_999)), 401, 'NOT_AUTHORIZED');
    expect(await sync(ada, 0)).toMatchObject({ me_pts: 0 });
  });

  it('refuses more than ten thousand, and takes another when one has gone', async () => {
    const [ada, bob, eve] = await trio();
    const mark = uniqueName();
    await test.db.$executeRaw`
      with other as (
        insert into public."user" (username) select ${mark} || '-' || n from generate_series(1, 9999) n returning id
      )
      insert into public.user_block (user_id, blocked_user_id, blocked_at, me_pts)
      select ${ada.id}, id, now(), row_number() over (order by id) from other`;
    await test.db.$executeRaw`insert into public.user_log (user_id, me_pts) values (${ada.id}, 9999)`;
    expect(await block(ada, bob)).toMatchObject({ status: 200 });
    expectError(await block(ada, eve), 409, 'TOO_MANY_BLOCKS');
    await unblock(ada, bob);
    expect(await block(ada, eve)).toMatchObject({ status: 200 });
  });
});

describe('GET /user/blocks', () => {
  it('has whom the user has blocked, the newest first, by page', async () => {
    const [ada, bob, eve] = await trio();
    const more = await registerMany(test, 3);
    for (const other of [bob, eve, ...more]) await block(ada, other);
    await unblock(ada, eve);
    await unblock(ada, bob);
    await block(ada, bob);
    const expected = [bob, more[2]!, more[1]!, more[0]!].map(({ shown }) => shown);
    expect(await blocked(ada)).toEqual({ next: expect.any(String), has_more: false, count: 4, users: expected });
    const first = await blocked(ada, '?limit=3');
    expect(first).toMatchObject({ has_more: true, count: 3, users: expected.slice(0, 3) });
    const second = await blocked(ada, `?limit=3&cursor=${first.next}`);
    expect(second).toMatchObject({ has_more: false, users: expected.slice(3) });
    expect(await blocked(ada, `?cursor=${second.next}`)).toEqual({ next: null, has_more: false, count: 0, users: [] });
  });

  it('is for the user alone, who must be there', async () => {
    const [ada, bob, eve] = await trio();
    await block(ada, bob);
    expect(await blocked(eve)).toMatchObject({ count: 0 });
    const token = test.app.createAccessToken(9_999_999);
    expectError(await call(test, 'GET', '/user/blocks', { token }), 401, 'NOT_AUTHORIZED');
    for (const query of ['?limit=0', '?limit=501', '?cursor=x'])
      expect(await ada.get(`/user/blocks${query}`)).toMatchObject({ status: 422 });
  });

  it('shows people as they are now', async () => {
    const [ada, bob] = await trio();
    await block(ada, bob);
    await bob.patch('/user/me', { name: 'Robert' });
    expect((await blocked(ada)).users).toMatchObject([{ id: bob.id, name: 'Robert' }]);
  });
});
