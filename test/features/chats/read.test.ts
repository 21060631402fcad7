import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, register, type Person } from '../../support/client.js';

const test = useApp();

interface Page {
  next: string | null;
  has_more: boolean;
  count: number;
  chats: { id: number; last_message: { contents: string } | null }[];
}

const page = async (person: Person, query = ''): Promise<Page> => {
  const { status, body } = await person.get(`/user/chats${query}`);
  expect(status).toBe(200);
  return body as Page;
};

/** Every page after another, as a client reads them. */
async function allPages(person: Person, limit: number): Promise<number[]> {
  const ids: number[] = [];
  let query = `?limit=${limit}`;
  for (;;) {
    const { next, has_more, count, chats } = await page(person, query);
    expect(count).toBe(chats.length);
    ids.push(...chats.map(({ id }) => id));
    if (!has_more) {
      if (next !== null) expect(await page(person, `?cursor=${next}`)).toMatchObject({ count: 0, has_more: false });
      return ids;
    }
    expect(count).toBeGreaterThan(0);
    query = `?limit=${limit}&cursor=${next}`;
  }
}

async function someChats(count: number): Promise<{ ada: Person; chatIds: number[] }> {
  const [ada, bob] = [await register(test), await register(test)];
  const chatIds: number[] = [];
  for (let index = 0; index < count; index++) chatIds.push(await ada.openGroup([bob], `chat ${index}`));
  return { ada, chatIds };
}

async function setActivity(chatIds: number[], time: string): Promise<void> {
  await test.db.chat.updateMany({ where: { id: { in: chatIds.map(BigInt) } }, data: { last_activity_at: time } });
}

describe('GET /user/chats', () => {
  it('is empty at first', async () => {
    expect(await page(await register(test))).toEqual({ next: null, has_more: false, count: 0, chats: [] });
  });

  it('has the most recently active first, a new one counting as active', async () => {
    const { ada, chatIds } = await someChats(3);
    const [first, second, third] = chatIds as [number, number, number];
    await ada.send(first, 'up');
    const { chats, next } = await page(ada);
    expect(chats.map(({ id }) => id)).toEqual([first, third, second]);
    expect(chats[0]?.last_message).toMatchObject({ contents: 'up', author_id: ada.id });
    expect(chats[1]?.last_message).toBeNull();
    const last = await ada.get(`/chat/${second}`);
    expect(next).toBe(last.body.created_at);
  });

  it('gives the time of the last message of its last chat as next', async () => {
    const { ada, chatIds } = await someChats(1);
    const message = await ada.send(chatIds[0]!, 'hello');
    expect((await page(ada)).next).toBe(message.created_at);
  });

  it('has 25 on a page unless asked for another number', async () => {
    const { ada, chatIds } = await someChats(27);
    expect((await page(ada)).count).toBe(25);
    expect((await page(ada, '?limit=50')).count).toBe(27);
    expect(await allPages(ada, 4)).toEqual(chatIds.reverse());
  });

  it('neither skips nor repeats chats of the very same instant', async () => {
    const { ada, chatIds } = await someChats(9);
    await setActivity(chatIds.slice(0, 6), '2026-01-02T03:04:05.678Z');
    await setActivity(chatIds.slice(6, 8), '2026-01-02T03:04:05.677Z');
    for (const limit of [1, 2, 3, 4, 7]) {
      const read = await allPages(ada, limit);
      expect(new Set(read).size).toBe(read.length);
      expect([...read].sort((a, b) => a - b)).toEqual(chatIds);
    }
  });

  it('takes a time in any zone, and times before and after all', async () => {
    const { ada, chatIds } = await someChats(1);
    await setActivity(chatIds, '2026-01-02T03:04:05.600Z');
    const count = async (cursor: string) => (await page(ada, `?cursor=${encodeURIComponent(cursor)}`)).count;
    expect(await count('2026-01-02T03:04:05.600Z')).toBe(0);
    expect(await count('2026-01-02T04:04:05.601+01:00')).toBe(1);
    expect(await count('2026-01-01T23:04:05.599-04:00')).toBe(0);
    expect(await count('2026-01-02t03:04:05.601z')).toBe(1);
    expect(await count('2026-01-02 03:04:05.600Z')).toBe(0);
    expect(await count('2026-01-02 03:04:05.601Z')).toBe(1);
    expect(await count('2026-01-02T04:04:05.601+0100')).toBe(1);
    expect(await count('0000-01-01T00:00:00Z')).toBe(0);
    expect(await count('9999-12-31T23:59:59.999999999-23:59')).toBe(1);
  });

  it.each([
    'limit=0',
    'limit=51',
    'limit=-1',
    'limit=1.5',
    'limit=abc',
    'limit=',
    'limit=1&limit=2',
    'cursor=yesterday',
    'cursor=2026-01-01',
    'cursor=2026-01-01T12:00:00',
    'cursor=1767323045600',
    'cursor=2026-01-01T23:59:60Z',
    'cursor=',
  ])('refuses %s', async (query) => {
    const ada = await register(test);
    const [field = ''] = query.split('=');
    expectError(await ada.get(`/user/chats?${query}`), 422, 'VALIDATION_ERROR', {
      errors: { [field]: expect.any(String) },
    });
  });
});

describe('GET /chat/{chat_id}', () => {
  it('says the same of a chat of others as of one that is not there', async () => {
    const [ada, bob, eve] = [await register(test), await register(test), await register(test)];
    const chatId = await ada.openPrivate(bob);
    const theirs = await eve.get(`/chat/${chatId}`);
    const none = await eve.get('/chat/2000000000');
    expectError(theirs, 404, 'CHAT_DOES_NOT_EXIST');
    expect({ ...theirs.body.details, request_id: '' }).toEqual({ ...none.body.details, request_id: '' });
    expect(Object.keys(theirs.headers)).toEqual(Object.keys(none.headers));
  });

  it.each([
    'abc',
    '0',
    '-1',
    '1.5',
    '9007199254740992',
    '9223372036854775808',
    '99999999999999999999999',
    '%00',
    '1e400',
  ])('refuses %s for an id', async (id) => {
    const ada = await register(test);
    expectError(await ada.get(`/chat/${id}`), 422, 'VALIDATION_ERROR', { errors: { chat_id: expect.any(String) } });
  });

  it('knows no chat by the largest id', async () => {
    const ada = await register(test);
    expectError(await ada.get('/chat/9007199254740991'), 404, 'CHAT_DOES_NOT_EXIST');
  });
});
