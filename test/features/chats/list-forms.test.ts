// A list is read in a short form while the chats have nothing unusual. It says of each chat what the chat says alone, in each form.
import pg from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { done, registerMany, type Person } from '../../support/client.js';
import { useServer } from '../../support/socket.js';

const test = useServer();

interface Listed {
  id: number;
  unread_mentions: number;
  last_message: object | null;
}

/** The list, twice: the second is read by what the first was like. */
async function compareList(reader: Person): Promise<Listed[]> {
  const lists = [await done(reader.get('/user/chats')), await done(reader.get('/user/chats'))] as { chats: Listed[] }[];
  const alone = await Promise.all(
    lists[0]!.chats.map(async ({ id }) => {
      const chat = await done(reader.get(`/chat/${id}`));
      delete chat.participants;
      return chat;
    }),
  );
  for (const { chats } of lists) expect(chats).toEqual(alone);
  return lists[0]!.chats;
}

it('a list says of each chat what it is, before, while and after one has something unusual', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  expect(await compareList(ada)).toEqual([]);
  const quietId = await ada.openGroup([bob]);
  const chatId = await ada.openGroup([bob]);
  const url = `/chat/${chatId}`;
  const post = (by: Person, contents: string, more: object = {}) =>
    done(by.post(`${url}/message`, { contents, ...more })) as Promise<{ id: number }>;
  const first = await post(bob, 'hello');
  await done(bob.post(`/chat/${quietId}/message`, { contents: 'here as well' }));
  await compareList(ada);

  const unusual: [string, () => Promise<unknown>][] = [
    ['an answer', () => post(bob, 'an answer', { reply_to_id: first.id })],
    ['a reaction', async () => done(ada.put(`/message/${(await post(bob, 'one')).id}/reactions/👍`))],
    ['data', () => post(bob, 'with data', { custom: { color: 'red' } })],
    ['an edit', async () => done(bob.patch(`/message/${(await post(bob, 'two')).id}`, { contents: 'three' }))],
    ['a mention', () => post(bob, 'for you', { mentions: { user_ids: [ada.id] } })],
  ];
  for (const [what, act] of unusual) {
    await act();
    const [listed] = await compareList(ada);
    expect(listed?.id, what).toBe(chatId);
    await post(bob, 'and then nothing');
    await compareList(ada);
  }

  // The last message is plain, and the chat is not: somebody is named further up.
  const [named] = await compareList(ada);
  expect(named).toMatchObject({ id: chatId, unread_mentions: 1 });
  const { id } = await post(bob, 'the last one');
  await done(ada.post(`${url}/read`, { message_id: id }));
  const [read] = await compareList(ada);
  expect(read).toMatchObject({ id: chatId, unread_mentions: 0, unread_count: 0 });
});

it('what most chats lack is in a list, alone and together', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openGroup([bob]);
  const url = `/chat/${chatId}`;
  await done(bob.post(`${url}/message`, { contents: 'hello' }));
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const own = [{ muted_until: until }, { pinned: true }, { notifications: 'mentions' }];
  for (const setting of [...own, { archived: true }, { private: { note: 1 } }]) {
    await done(ada.patch(`${url}/settings`, setting));
    expect(await compareList(ada)).toMatchObject([setting]);
  }
  const ofGroup = [
    { description: 'about' },
    { slow_mode_seconds: 5 },
    { disappear_after_seconds: 60 },
    { custom: { a: 1 } },
  ];
  for (const change of [...ofGroup, { no_forward: true }, { history_from_now: true }, { public: true }]) {
    await done(ada.patch(url, change));
    expect(await compareList(ada)).toMatchObject([change]);
  }
  await done(ada.post(`${url}/unread`, {}));
  expect(await compareList(ada)).toMatchObject([{ marked_unread: true }]);
  await done(ada.put(`${url}/draft`, { contents: 'I was about to' }));
  expect(await compareList(ada)).toMatchObject([
    { draft: 'I was about to', draft_revision: expect.any(Number) as number },
  ]);
  await compareList(bob);
});

/** Does it once, when the statement of that name has been answered, before the server goes on. */
function afterStatement(name: string, act: () => Promise<unknown>): void {
  type Query = (this: pg.Pool, asked: { name?: string }) => Promise<unknown>;
  const query = Reflect.get(pg.Pool.prototype, 'query') as Query;
  let isDone = false;
  const wait: Query = async function (asked) {
    const answer = await query.call(this, asked);
    if (!isDone && asked.name === name) {
      isDone = true;
      await act();
    }
    return answer;
  };
  const spy = vi.spyOn(pg.Pool.prototype, 'query').mockImplementation(wait as never);
  onTestFinished(() => {
    spy.mockRestore();
    expect(isDone).toBe(true);
  });
}

it('a list is there for who comes into the shadow between its two statements', async () => {
  const [owner, ada] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await owner.openGroup([ada]);
  await done(owner.post(`/chat/${chatId}/message`, { contents: 'for you', mentions: { user_ids: [ada.id] } }));
  const shadow = () => done(owner.put(`/chat/${chatId}/participants/${ada.id}/shadow`, { reason: 'spam' }));
  afterStatement('chat_list_plain', shadow);
  const { chats } = await done(ada.get('/user/chats'));
  expect(chats).toMatchObject([{ id: chatId, unread_mentions: 1 }]);
  // What one writes in the shadow moves the chat up for oneself, in the list of such users as well.
  const other = await owner.openGroup([ada]);
  expect((await compareList(ada)).map(({ id }) => id)).toEqual([other, chatId]);
  await ada.send(chatId, 'does anybody hear me?');
  expect((await compareList(ada)).map(({ id }) => id)).toEqual([chatId, other]);
  expect((await compareList(owner)).map(({ id }) => id)).toEqual([other, chatId]);
});
