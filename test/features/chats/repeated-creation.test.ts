import { beforeAll, describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, registerMany, uniqueName, type Person } from '../../support/client.js';

const test = useApp();

let ada: Person;
let bob: Person;
let eve: Person;
beforeAll(async () => {
  [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
});

const groupsOf = async (person: Person) => (await person.get('/user/chats?limit=50')).body.count as number;

describe('a group that is opened under a client_id', () => {
  it('is opened once, however often it is asked for, in any order of its people', async () => {
    const client_id = uniqueName();
    const before = await groupsOf(bob);
    const first = await ada.post('/chat/group/create', { with_ids: [bob.id, eve.id], name: 'once', client_id });
    expect(first.status).toBe(200);
    expect(first.body).not.toHaveProperty('deduplicated');
    for (const with_ids of [
      [bob.id, eve.id],
      [eve.id, bob.id, bob.id],
    ]) {
      const again = await ada.post('/chat/group/create', { with_ids, name: 'once', client_id });
      expect(again.body).toEqual({ ...first.body, deduplicated: true });
    }
    expect(await groupsOf(bob)).toBe(before + 1);
  });

  it('is opened once when many ask at the same time', async () => {
    const body = { with_ids: [bob.id], name: 'at once', client_id: uniqueName() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => ada.post('/chat/group/create', body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.body.deduplicated === true)).toHaveLength(7);
  });

  it('is shown as it is now, also when it has another name and other people', async () => {
    const body = { with_ids: [bob.id], name: 'before', client_id: uniqueName() };
    const { id } = (await ada.post('/chat/group/create', body)).body;
    await ada.patch(`/chat/${id}`, { name: 'after' });
    await ada.post(`/chat/${id}/participants`, { user_ids: [eve.id] });
    const again = await ada.post('/chat/group/create', body);
    expect(again.body).toMatchObject({ id, name: 'after', deduplicated: true });
    expect(again.body.participants).toHaveLength(3);
  });

  it('is refused with another name or other people', async () => {
    const body = { with_ids: [bob.id], name: 'mine', client_id: uniqueName() };
    await ada.post('/chat/group/create', body);
    for (const other of [{ name: 'another' }, { with_ids: [eve.id] }, { with_ids: [bob.id, eve.id] }]) {
      expectError(await ada.post('/chat/group/create', { ...body, ...other }), 409, 'CLIENT_ID_TAKEN');
    }
  });

  it('is of its creator alone: others may use the same client_id, and see nothing of it', async () => {
    const client_id = uniqueName();
    const mine = await ada.post('/chat/group/create', { with_ids: [bob.id], name: 'x', client_id });
    const theirs = await eve.post('/chat/group/create', { with_ids: [bob.id], name: 'x', client_id });
    expect(theirs.status).toBe(200);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it('is not shown to a creator who has left it', async () => {
    const body = { with_ids: [bob.id], name: 'left', client_id: uniqueName() };
    const { id } = (await ada.post('/chat/group/create', body)).body;
    await ada.delete(`/chat/${id}/participants/${ada.id}`);
    expectError(await ada.post('/chat/group/create', body), 404, 'CHAT_DOES_NOT_EXIST');
  });
});

it('a group without a client_id is another one each time', async () => {
  const body = { with_ids: [bob.id], name: 'again' };
  const [one, other] = [await ada.post('/chat/group/create', body), await ada.post('/chat/group/create', body)];
  expect(one.body.id).not.toBe(other.body.id);
});
