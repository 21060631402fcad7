import { expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, register, registerMany, type Person } from '../../support/client.js';
import { insertMessages } from '../../support/insert-messages.js';

const test = useApp();

it('reads a page around a message, from which one goes on in both directions', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openPrivate(bob);
  await insertMessages(test, chatId, ada, 20);
  const path = `/chat/${chatId}/messages`;
  const ids: number[] = (await bob.get(`${path}?limit=100`)).body.messages.map(({ id }: { id: number }) => id);
  const idsOf = (body: { messages: { id: number }[] }) => body.messages.map(({ id }) => id);

  const { body } = await bob.get(`${path}?around=${ids[10]!}&limit=5`);
  expect(idsOf(body)).toEqual(ids.slice(8, 13));
  expect(body).toMatchObject({ count: 5, previous: ids[8], next: ids[12], has_more: true });
  expect(body.authors).toEqual([ada.shown]);
  expect(idsOf((await bob.get(`${path}?cursor=${body.next}&limit=100`)).body)).toEqual(ids.slice(13));
  const older = (await bob.get(`${path}?cursor=${body.previous}&order=desc&limit=100`)).body;
  expect(idsOf(older)).toEqual(ids.slice(0, 8).reverse());

  const first = (await bob.get(`${path}?around=${ids[0]!}&limit=6`)).body;
  expect(idsOf(first)).toEqual(ids.slice(0, 3));
  expect(first.previous).toBeNull();
  const last = (await bob.get(`${path}?around=${ids[19]!}&limit=6`)).body;
  expect(idsOf(last)).toEqual(ids.slice(16));
  expect(last).toMatchObject({ next: null, has_more: false });

  // One that is gone has its place.
  await ada.delete(`/message/${ids[10]!}`);
  expect(idsOf((await bob.get(`${path}?around=${ids[10]!}&limit=4`)).body)).toEqual([8, 9, 11, 12].map((n) => ids[n]));
  expect((await bob.get(path)).body).not.toHaveProperty('previous');
});

it('has the authors in the order in which they appear, and shows a newcomer nothing from before', async () => {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  const old = await bob.send(chatId, 'before');
  await ada.patch(`/chat/${chatId}`, { history_from_now: true });
  await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
  const mine = await ada.send(chatId, 'hello eve');
  const theirs = await bob.send(chatId, 'hello');
  const { body } = await ada.get(`/chat/${chatId}/messages?around=${mine.id}`);
  expect(body.authors).toEqual([bob.shown, ada.shown]);
  const seen = (await eve.get(`/chat/${chatId}/messages?around=${old.id}`)).body;
  expect(seen.messages.map(({ id }: { id: number }) => id)).toEqual([mine.id, theirs.id]);
  expect(seen.previous).toBeNull();
});

it('is refused with a cursor, in descending order, for a single message and to an outsider', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openPrivate(bob);
  const outsider = await register(test);
  for (const query of ['around=5&cursor=4', 'around=5&order=desc', 'around=5&limit=1', 'around=0', 'around=x']) {
    expect(await ada.get(`/chat/${chatId}/messages?${query}`)).toMatchObject({
      status: 422,
      body: { details: { code: 'VALIDATION_ERROR', errors: { around: expect.any(String) } } },
    });
  }
  expectError(await outsider.get(`/chat/${chatId}/messages?around=5`), 404, 'CHAT_DOES_NOT_EXIST');
});
