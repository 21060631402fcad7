import { expect, it, onTestFinished } from 'vitest';
import { useApp } from '../support/app.js';
import { registerMany, type Person } from '../support/client.js';

const test = useApp();

const allow = (characters: number) =>
  test.db.$executeRawUnsafe(`alter table public.message alter column contents type varchar(${characters})`);

it('goes on, with nothing lost or doubled, while a migration changes the type of a column', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openPrivate(bob);
  onTestFinished(() => allow(20_000).then(() => undefined));
  const path = `/chat/${chatId}/messages`;
  await Promise.all(Array.from({ length: 20 }, () => bob.get(path)));
  for (const [round, characters] of [20_001, 20_002, 20_003].entries()) {
    await ada.send(chatId, `before ${round}`);
    await allow(characters);
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, (_, index) =>
        ada.post(`/chat/${chatId}/message`, { contents: `${round} ${index}` }),
      ),
      ...Array.from({ length: 10 }, () => bob.get(path)),
      ...Array.from({ length: 3 }, () => bob.get('/user/chats')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }
  const { body } = await bob.get(`${path}?limit=100`);
  expect(new Set(body.messages.map(({ contents }: { contents: string }) => contents)).size).toBe(33);
  expect(body.count).toBe(33);
});
