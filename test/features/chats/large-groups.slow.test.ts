import { expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { Person, register, uniqueName, type TestTarget } from '../../support/client.js';

const test = useApp();

/** Users of one test, without a password. */
async function makeCrowd({ app, db }: TestTarget, count: number): Promise<Person[]> {
  const names = Array.from({ length: count }, () => uniqueName());
  const users = await db.user.createManyAndReturn({
    data: names.map((username) => ({ username, email: `${username}@example.com`, password: '$argon2id$none' })),
    select: { id: true, username: true, email: true },
  });
  return users.map(
    ({ id, username, email }) =>
      new Person({ app }, Number(id), username, email ?? '', app.createAccessToken(Number(id))),
  );
}

const idsOf = (people: readonly { id: number }[]) => people.map(({ id }) => id);

it('has all people it was opened with, in their order, who joined slice by slice', async () => {
  const ada = await register(test);
  const crowd = await makeCrowd(test, 1200);
  const opened = await ada.post('/chat/group/create', { with_ids: idsOf(crowd), name: 'many' });
  expect(opened.status).toBe(200);
  const { id, participants, participant_count, pts } = opened.body;
  expect(idsOf(participants)).toEqual([ada.id, ...idsOf(crowd)]);
  expect(participant_count).toBe(1201);
  expect((await ada.get(`/chat/${id}`)).body).toEqual(opened.body);

  const last = crowd.at(-1)!;
  expect((await last.get('/user/chats')).body.chats).toMatchObject([{ id, unread_count: 0, participant_count: 1201 }]);
  const { epoch } = (await ada.post('/sync', { epoch: null, chats: {} })).body;
  const synced = (await ada.post('/sync', { epoch, chats: { [id]: 1 } })).body.chats[0];
  expect(synced.pts).toBe(pts);
  expect(synced.changes.map(({ type }: { type: string }) => type)).toEqual(['participant.added', 'participant.added']);
  const added = synced.changes.flatMap(({ data }: { data: { users: { id: number }[] } }) => idsOf(data.users));
  expect(added.sort((one: number, other: number) => one - other)).toEqual(idsOf(crowd.slice(500)));
});

it('has people who are yet to be added as people who have read nothing, unless they are removed first', async () => {
  const ada = await register(test);
  const [bob, eve, grace] = (await makeCrowd(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  await test.db.pendingParticipants.createMany({
    data: [[eve.id, grace.id], [bob.id]].map((ids, position) => {
      return { chat_id: BigInt(chatId), position, user_ids: ids.map(BigInt) };
    }),
  });
  expect((await ada.delete(`/chat/${chatId}/participants/${grace.id}`)).status).toBe(200);
  await ada.send(chatId, 'hello');
  await expect
    .poll(async () => (await eve.get('/user/chats')).body.chats as unknown[], { timeout: 20_000 })
    .toMatchObject([{ id: chatId, unread_count: 1, pts: 3, participant_count: 3 }]);
  await expect
    .poll(() => test.db.pendingParticipants.count({ where: { chat_id: BigInt(chatId) } }), { timeout: 20_000 })
    .toBe(0);
  // Nobody is added by the slice of those who take part already, so it is no change.
  expect((await ada.get(`/chat/${chatId}`)).body).toMatchObject({ pts: 3, participant_count: 3 });
});

it('is opened once under a client_id, of any size', async () => {
  const ada = await register(test);
  const body = { with_ids: idsOf(await makeCrowd(test, 1001)), name: 'once', client_id: uniqueName() };
  const [one, other] = await Promise.all([1, 2].map(() => ada.post('/chat/group/create', body)));
  expect(other?.body.id).toBe(one?.body.id);
  expect((await ada.post('/chat/group/create', body)).body).toMatchObject({
    deduplicated: true,
    participant_count: 1002,
  });
  expect((await ada.get('/user/chats')).body.count).toBe(1);
});

it('gets the people that a killed process left pending, except those who are in it already or gone', async () => {
  const ada = await register(test);
  const [bob, eve, grace] = (await makeCrowd(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  await test.db.pendingParticipants.create({
    data: { chat_id: BigInt(chatId), position: 0, user_ids: [bob.id, eve.id, grace.id, 2 ** 50].map(BigInt) },
  });
  await expect
    .poll(async () => idsOf((await ada.get(`/chat/${chatId}`)).body.participants as Person[]), { timeout: 20_000 })
    .toEqual(idsOf([ada, bob, eve, grace]));
  expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(2);
  expect(await test.db.pendingParticipants.count({ where: { chat_id: BigInt(chatId) } })).toBe(0);
});
