import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { call, expectError, register, registerMany, type Person } from '../../support/client.js';
import { eraseMe } from '../../support/erasures.js';
import { Host } from '../../support/host.js';
import { insertMessages } from '../../support/insert-messages.js';
import { urlOf, useServer } from '../../support/socket.js';

const test = useServer();

/** An export that is read as it comes. */
async function open({ token }: Person): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}` };
  const request = get(`${urlOf(test, 'http')}/user/me/export`, { headers, agent: false });
  onTestFinished(() => {
    request.destroy();
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- lines of every shape
    .map((line): any => JSON.parse(line));

it('has everything about the user, and says that it is whole', async () => {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  await call(test, 'POST', '/login', {
    body: { usernameOrEmail: ada.username, password: 'correct horse battery staple', device: 'my phone' },
  });
  await ada.patch('/user/me', { name: 'Ada', private: { theme: 'dark' } });
  await ada.put(`/user/blocks/${eve.id}`);
  await ada.put(`/user/mutes/${bob.id}`, {});
  const chatId = await ada.openPrivate(bob);
  const group = await ada.openGroup([bob], 'Engines 大');
  const left = await bob.openGroup([ada, eve], 'left');
  await ada.patch(`/chat/${group}/settings`, { private: { note: 'mine' }, pinned: true });
  const sent = [await ada.send(chatId, 'Grüße\n🎉', 'c1'), await ada.send(group, 'two'), await ada.send(left, 'three')];
  const theirs = await bob.send(chatId, 'a secret of Bob');
  await ada.put(`/message/${theirs.id}/reactions/:thanks:`);
  await ada.put(`/message/${theirs.id}/thread/follow`);
  await ada.put(`/message/${theirs.id}/pin`, {});
  const poll = { question: 'When?', options: ['now', 'later'], anonymous: true };
  const asked = (await bob.post(`/chat/${chatId}/message`, { contents: 'when?', poll })).body.id as number;
  for (const each of [ada, bob]) await each.put(`/message/${asked}/poll/votes`, { option_ids: [2] });
  await ada.post(`/chat/${chatId}/read`, { message_id: theirs.id });
  const send_at = new Date(Date.now() + 3_600_000).toISOString();
  await ada.post(`/chat/${group}/scheduled`, { contents: 'later', send_at });
  await ada.delete(`/chat/${left}/participants/${ada.id}`);

  const { status, headers, body } = await ada.get('/user/me/export');
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const lines = linesOf(body);
  const of = (type: string) => lines.filter((line) => line.type === type);
  expect(lines[0]).toEqual({ type: 'manifest', format: 1, user_id: ada.id, exported_at: expect.any(String) });
  const me = (await ada.get('/user/me')).body;
  expect(of('user')).toEqual([
    { type: 'user', data: { ...me, last_seen_at: null, folders: [], reminders: [], reports: [], sanctions: [] } },
  ]);
  expect(of('session')).toMatchObject([{ data: { device: 'my phone', ended_at: null } }]);
  expect(of('block')).toMatchObject([{ data: { user: eve.shown, blocked_at: expect.any(String) } }]);
  expect(of('mute')).toMatchObject([{ data: { id: bob.id, muted: true } }]);
  expect(of('chat')).toMatchObject([
    { chat_id: chatId, data: { type: 'private', membership: { last_read_message_id: theirs.id } } },
    {
      ...{ chat_id: group },
      data: {
        name: 'Engines 大',
        membership: { role: 'owner', private: { note: 'mine' }, pinned_at: expect.any(String) },
      },
    },
  ]);
  expect(of('member').map(({ chat_id, data }) => [chat_id, data.id])).toEqual([
    [chatId, ada.id],
    [chatId, bob.id],
    [group, ada.id],
    [group, bob.id],
  ]);
  expect(of('reaction')).toMatchObject([{ data: { message_id: theirs.id, emoji: ':thanks:' } }]);
  expect(of('pin')).toMatchObject([{ data: { message_id: theirs.id, chat_id: chatId, until: null } }]);
  expect(of('vote')).toMatchObject([{ data: { message_id: asked, option_id: 2 } }]);
  expect(of('scheduled')).toMatchObject([{ chat_id: group, data: { contents: 'later', send_at, state: 'waiting' } }]);
  expect(of('thread')).toMatchObject([{ data: { thread_id: theirs.id, chat_id: chatId, following: true } }]);
  expect(of('message').map(({ chat_id, data }) => [chat_id, data.id, data.contents])).toEqual([
    [chatId, sent[0]!.id, 'Grüße\n🎉'],
    [group, sent[1]!.id, 'two'],
    [left, sent[2]!.id, 'three'],
  ]);
  expect(body).not.toContain('a secret of Bob');
  expect(body).not.toContain(bob.email);
  expect(lines.at(-1)).toEqual({
    type: 'end',
    counts: {
      user: 1,
      session: 1,
      block: 1,
      mute: 1,
      chat: 2,
      member: 4,
      message: 3,
      reaction: 1,
      pin: 1,
      vote: 1,
      scheduled: 1,
      thread: 1,
    },
  });
});

it('has many messages in their order', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openPrivate(bob);
  await insertMessages(test, chatId, ada, 450);
  const lines = linesOf((await ada.get('/user/me/export')).body);
  expect(lines.at(-1).counts).toMatchObject({ message: 450 });
  const ids = lines.filter(({ type }) => type === 'message').map(({ data }) => data.id as number);
  expect(ids).toEqual([...ids].sort((one, other) => one - other));
});

it('is one at a time, whose memory a client that does not read cannot fill, and ends with the user', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openPrivate(bob);
  await insertMessages(test, chatId, ada, 8000, 'x'.repeat(1500));
  const response = await open(ada);
  expect(response.statusCode).toBe(200);
  expectError(await ada.get('/user/me/export'), 429, 'TOO_MANY_REQUESTS');
  expect((await bob.get('/user/me/export')).status).toBe(200);
  await eraseMe(ada);
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const lines = linesOf(text);
  expect(lines.at(-1).type).toBe('message');
  expect(lines.length).toBeLessThan(8000);
});

it('may be begun again when the client has gone', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  await insertMessages(test, await ada.openPrivate(bob), ada, 4000, 'x'.repeat(1500));
  (await open(ada)).destroy();
  await expect.poll(async () => (await ada.get('/user/me/export')).status, { timeout: 10_000 }).toBe(200);
});

it('is for users alone', async () => {
  expectError(await call(test, 'GET', '/user/me/export'), 401, 'NOT_AUTHORIZED');
  const token = test.app.createAccessToken(9_999_999);
  expectError(await call(test, 'GET', '/user/me/export', { token }), 401, 'NOT_AUTHORIZED');
  const [host, ada] = [await Host.of(test), await register(test)];
  expect((await host.get('/user/me/export')).status).toBe(403);
  expect((await host.as(String(ada.id), 'GET', '/user/me/export')).status).toBe(200);
});
