import { expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { registerMany, type Person } from '../../support/client.js';
import { eraseMe, finished, hurry } from '../../support/erasures.js';

const test = useApp();

it.each(['keep', 'anonymise', 'purge'])('pins, votes and copies of an erased user: %s', async (messages) => {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  const other = await bob.openPrivate(eve);
  const { id } = await bob.ask(chatId);
  for (const person of [ada, bob]) await person.put(`/message/${id}/poll/votes`, { option_ids: [2] });
  await ada.put(`/message/${id}/pin`, {});
  const source = await ada.send(chatId, 'meet at seven');
  const copy = (await bob.post(`/chat/${other}/forward`, { message_id: source.id })).body;
  expect(copy.forwarded.author_name).toBe(ada.username);
  await eraseMe(ada, messages);
  await hurry(test, ada.id);
  await finished(test, ada.id);

  const isKept = messages === 'keep';
  const { poll, pinned } = (await bob.get(`/message/${id}`)).body;
  expect(poll).toMatchObject({ voter_count: 2, options: [{ votes: 0 }, { votes: 2 }] });
  expect(poll.options[1].voters).toEqual(isKept ? [ada.id, bob.id] : [bob.id]);
  expect(pinned.by === ada.id).toBe(isKept);
  const found = (await eve.get(`/message/${copy.id}`)).body;
  expect(found).toMatchObject({ contents: 'meet at seven', forwarded: { author_name: '', at: copy.forwarded.at } });
  expect(found.version).toBeGreaterThan(copy.version as number);
  expect(await test.db.pollBallot.count({ where: { user_id: ada.id } })).toBe(0);
  expect(await test.db.messageForward.count({ where: { author_id: ada.id } })).toBe(0);
  expect(await test.db.messagePin.count({ where: { user_id: ada.id } })).toBe(isKept ? 1 : 0);
  const emptied = (await bob.put(`/message/${id}/poll/votes`, { option_ids: [] })).body.poll;
  expect(emptied).toMatchObject({ voter_count: 1, options: [{ votes: 0 }, { votes: 1 }] });
  if (isKept)
    expect((await bob.post(`/chat/${other}/forward`, { message_id: source.id })).body.forwarded.author_name).toBe('');
});
