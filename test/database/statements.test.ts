import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { useApp } from '../support/app.js';
import { register, type Answer, type Person } from '../support/client.js';

const test = useApp();

let queries: MockInstance;
beforeEach(() => {
  queries = vi.spyOn(pg.Client.prototype, 'query');
});
afterEach(() => {
  queries.mockRestore();
});

/** What the server compares with the database once in a while, beside any request. */
const HEALING = new Set([
  ...['epoch_find', 'chat_positions', 'join_find', 'join_last'],
  ...['profile_last', 'revocation_feed', 'filter_settings'],
]);
/** Jobs that look for their work. They are not prepared. */
const JOBS = /\bfor update skip locked\b|"?(pending_participants|erasure)"?\b/;

function statements(): (string | undefined)[] {
  const all = queries.mock.calls.map(([query]) => query as { name?: string; text?: string });
  const names = all.filter(({ text = '' }) => !JOBS.test(text)).map(({ name }) => name);
  return names.filter((name) => name === undefined || !HEALING.has(name));
}

async function inOneRoundTrip(name: string, request: () => Promise<Answer>, status = 200): Promise<void> {
  // The first one also opens a connection.
  await request();
  queries.mockClear();
  expect((await request()).status).toBe(status);
  expect(statements()).toEqual([name]);
}

describe('a hot request is one prepared statement', () => {
  let ada: Person;
  let eve: Person;
  let chatId: number;
  beforeEach(async () => {
    ada = await register(test);
    eve = await register(test);
    chatId = await ada.openPrivate(await register(test));
    await ada.send(chatId, 'hello');
  });

  it('me', () => inOneRoundTrip('user_find', () => ada.get('/user/me')));
  it('chat list', () => inOneRoundTrip('chat_list_plain', () => ada.get('/user/chats')));
  it('an empty chat list', () => inOneRoundTrip('chat_list_plain', () => eve.get('/user/chats')));
  it('chat list after one that was not plain: the first takes another statement, and the list is plain again when its chats are', async () => {
    const { id } = await ada.send(chatId, 'again');
    await ada.put(`/message/${id}/reactions/👍`);
    const list = () => ada.get('/user/chats');
    queries.mockClear();
    expect((await list()).body.chats).toMatchObject([{ last_message: { id, my_reactions: ['👍'] } }]);
    expect(statements()).toEqual(['chat_list_plain', 'chat_list']);
    await inOneRoundTrip('chat_list', list);
    await ada.send(chatId, 'nothing unusual');
    await inOneRoundTrip('chat_list_plain', list);
  });
  it('chat', () => inOneRoundTrip('chat_find', () => ada.get(`/chat/${chatId}`)));
  it('a chat of others', () => inOneRoundTrip('chat_find', () => eve.get(`/chat/${chatId}`), 404));
  it('chat, with some of its participants', () =>
    inOneRoundTrip('chat_find', () => ada.get(`/chat/${chatId}?participants=1`)));
  it('participants', () => inOneRoundTrip('participant_page', () => ada.get(`/chat/${chatId}/participants`)));
  it('participants of a chat of others', () =>
    inOneRoundTrip('participant_page', () => eve.get(`/chat/${chatId}/participants`), 404));
  it.each(['asc', 'desc'])('message page, %s', (order) =>
    inOneRoundTrip(`message_page_${order}_plain`, () => ada.get(`/chat/${chatId}/messages?order=${order}`)),
  );
  it('message page of a chat in which a page was not plain: the first takes another statement, and misses nothing', async () => {
    const { id } = await ada.send(chatId, 'again');
    await ada.put(`/message/${id}/reactions/👍`);
    const page = () => ada.get(`/chat/${chatId}/messages`);
    queries.mockClear();
    expect((await page()).body.messages).toMatchObject([{ contents: 'hello' }, { id, my_reactions: ['👍'] }]);
    expect(statements()).toEqual(['message_page_asc_plain', 'message_page_asc']);
    await inOneRoundTrip('message_page_asc', page);
  });
  it('send', () => inOneRoundTrip('message_send_plain', () => ada.post(`/chat/${chatId}/message`, { contents: 'x' })));
  it('a send to a chat of others', () =>
    inOneRoundTrip('message_send_plain', () => eve.post(`/chat/${chatId}/message`, { contents: 'x' }), 404));
});

describe('many at once are few statements', () => {
  async function statementsOf(requests: () => Promise<Answer>[]): Promise<number> {
    await Promise.all(requests());
    queries.mockClear();
    for (const { status } of await Promise.all(requests())) expect(status).toBe(200);
    return statements().length;
  }

  it.each<[string, (ada: Person, chatId: number) => Promise<Answer>]>([
    ['me', (ada) => ada.get('/user/me')],
    ['chat', (ada, chatId) => ada.get(`/chat/${chatId}`)],
    ['send', (ada, chatId) => ada.post(`/chat/${chatId}/message`, { contents: 'x' })],
  ])('%s', async (_name, ask) => {
    const ada = await register(test);
    const chatId = await ada.openPrivate(await register(test));
    const count = await statementsOf(() => Array.from({ length: 60 }, () => ask(ada, chatId)));
    expect(count).toBeLessThan(30);
  });
});

describe('a statement with a list is planned once, however short the list', () => {
  /** PostgreSQL decides on a lasting plan after five executions, for each connection by itself. */
  const EXECUTIONS = 10;

  /** The connections on which the statement was carried out, once for each time. */
  function connectionsOf(name: string): pg.Client[] {
    const isMeant = (index: number) => (queries.mock.calls[index]?.[0] as { name?: string } | undefined)?.name === name;
    return (queries.mock.contexts as pg.Client[]).filter((_client, index) => isMeant(index));
  }

  async function isPlannedOnce(name: string, request: () => Promise<Answer>): Promise<boolean> {
    let client: pg.Client | undefined;
    while (!client) {
      await request();
      const all = connectionsOf(name);
      client = all.find((each) => all.filter((other) => other === each).length >= EXECUTIONS);
    }
    const { rows } = await client.query<{ generic: boolean }>(
      `select bool_or(generic_plans > 0) as generic from pg_prepared_statements where name like '%' || $1`,
      [name],
    );
    return rows[0]!.generic;
  }

  it.each<[string, (ada: Person, chatId: number) => Promise<Answer>]>([
    ['user_find', (ada) => ada.get('/user/me')],
    ['chat_find', (ada, chatId) => ada.get(`/chat/${chatId}`)],
  ])('%s', async (name, ask) => {
    const ada = await register(test);
    const chatId = await ada.openPrivate(await register(test));
    expect(await isPlannedOnce(name, () => ask(ada, chatId))).toBe(true);
  });
});

it('the count would see a second statement', async () => {
  const ada = await register(test);
  queries.mockClear();
  await ada.patch('/user/bio', { bio: 'x' });
  await ada.get('/user/me');
  expect(statements().length).toBeGreaterThan(1);
});
