import { describe, expect, it } from 'vitest';
import { claimScheduled } from '../../../src/features/scheduled-messages/scheduled.queries.js';
import { registerAdmin } from '../../support/admins.js';
import { call, expectError, registerMany, type Person } from '../../support/client.js';
import { eraseMe } from '../../support/erasures.js';
import { letCome, schedule } from '../../support/scheduled.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const HOUR_MS = 3_600_000;
const list = async (person: Person) => (await person.get('/user/scheduled')).body.scheduled;
const textsIn = async (person: Person, chatId: number) =>
  (await person.get(`/chat/${chatId}/messages`)).body.messages.map(({ contents }: { contents: string }) => contents);

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  return { ada, bob, eve, chatId };
}

describe('a scheduled message', () => {
  it('is told to the devices of its author alone until it is sent, once', async () => {
    const { ada, bob, chatId } = await group();
    const { id: answered } = await bob.send(chatId, 'when?');
    const [phone, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    const { status, body } = await schedule(ada, chatId, { reply_to_id: answered, client_id: 'a party' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ chat_id: chatId, contents: 'later', reply_to_id: answered, state: 'waiting' });
    // A repeat is the same one.
    expect((await schedule(ada, chatId, { client_id: 'a party' })).body).toEqual(body);
    expect(await list(ada)).toEqual([body]);
    expect(await list(bob)).toEqual([]);
    const { body: changed } = await ada.patch(`/scheduled/${body.id}`, { contents: 'at eight' });
    expect(changed).toEqual({ ...body, contents: 'at eight' });
    expect((await ada.patch(`/scheduled/${body.id}`, { contents: 'at eight' })).body).toEqual(changed);
    expect(await bobs.rest()).toEqual([]);
    await letCome(test, body.id);
    const { data: message } = await bobs.take('message.created');
    expect(message).toMatchObject({
      ...{ contents: 'at eight', author_id: ada.id, client_id: 'a party' },
      reply_to: { id: answered, excerpt: 'when?' },
    });
    await expect.poll(() => list(ada)).toEqual([]);
    const states = (await phone.rest()).filter(({ type }) => type === 'scheduled.updated');
    expect(states.map(({ me_pts, data }) => [me_pts, data.state, data.contents])).toEqual([
      [1, 'waiting', 'later'],
      [2, 'waiting', 'at eight'],
      [3, 'sent', ''],
    ]);
    expect(states.at(-1)?.data.sent_message_id).toBe(message.id);
    const { changes } = (await ada.post('/sync', { epoch: null, chats: {}, me_pts: 0 })).body.me;
    expect(changes).toEqual([{ type: 'scheduled.updated', me_pts: 3, data: states.at(-1)?.data }]);
    for (const answer of [
      await ada.patch(`/scheduled/${body.id}`, { contents: 'too late' }),
      await ada.delete(`/scheduled/${body.id}`),
      await ada.post(`/scheduled/${body.id}/send`, undefined),
    ])
      expectError(answer, 409, 'NO_LONGER_WAITING');
  });

  it('is cancelled, and then never sent', async () => {
    const { ada, chatId } = await group();
    const { id } = (await schedule(ada, chatId)).body;
    for (let count = 0; count < 2; count++) expect((await ada.delete(`/scheduled/${id}`)).status).toBe(200);
    expect(await list(ada)).toEqual([]);
    expectError(await ada.post(`/scheduled/${id}/send`, undefined), 409, 'NO_LONGER_WAITING');
    const stored = await test.db.scheduledMessage.findUniqueOrThrow({ where: { id } });
    expect(stored).toMatchObject({ state: 'cancelled', contents: '', due_at: null });
  });

  it('is sent now', async () => {
    const { ada, bob, chatId } = await group();
    const { id, client_id } = (await schedule(ada, chatId)).body;
    const answers = await Promise.all([1, 2, 3].map(() => ada.post(`/scheduled/${id}/send`, undefined)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const sent = answers.find(({ status }) => status === 200);
    expect(sent?.body).toMatchObject({ contents: 'later', client_id, author_id: ada.id });
    expect(await textsIn(bob, chatId)).toEqual(['later']);
  });

  it('is its author’s alone', async () => {
    const { ada, bob, eve, chatId } = await group();
    expectError(await schedule(eve, chatId), 404, 'CHAT_DOES_NOT_EXIST');
    const { id } = (await schedule(ada, chatId)).body;
    for (const answer of [
      await bob.patch(`/scheduled/${id}`, { contents: 'mine' }),
      await bob.delete(`/scheduled/${id}`),
      await bob.post(`/scheduled/${id}/send`, undefined),
      await ada.delete('/scheduled/999999999'),
    ])
      expectError(answer, 404, 'SCHEDULED_DOES_NOT_EXIST');
    const token = test.app.createAccessToken(9_999_999);
    expectError(await call(test, 'GET', '/user/scheduled', { token }), 401, 'NOT_AUTHORIZED');
    expectError(await call(test, 'DELETE', `/scheduled/${id}`, { token }), 401, 'NOT_AUTHORIZED');
  });

  it.each(['tomorrow', '2001-01-01T00:00:00Z', inMs(20_000), inMs(366 * 24 * HOUR_MS), null])(
    'refuses %j as its time',
    async (send_at) => {
      const { ada, chatId } = await group();
      expectError(await schedule(ada, chatId, { send_at }), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
    },
  );

  it('has a name that stands for one chat', async () => {
    const { ada, bob, chatId } = await group();
    const another = await ada.openPrivate(bob);
    await schedule(ada, chatId, { client_id: 'a party' });
    expectError(await schedule(ada, another, { client_id: 'a party' }), 409, 'CLIENT_ID_TAKEN');
    const answers = await Promise.all([1, 2, 3, 4].map(() => schedule(ada, chatId, { client_id: 'at once' })));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await list(ada)).toHaveLength(2);
  });

  it('is one of a hundred, of which pages are read', async () => {
    const { ada, chatId } = await group();
    await test.db.$executeRaw`
      insert into public.scheduled_message (user_id, chat_id, contents, client_id, send_at, due_at, state, me_pts)
      select ${ada.id}, ${chatId}, 'later', n::text, '2100-01-01', '2100-01-01', 'waiting', n from generate_series(1, 100) n`;
    await test.db.$executeRaw`insert into public.user_log (user_id, me_pts) values (${ada.id}, 100)
      on conflict (user_id) do update set me_pts = 100`;
    expectError(await schedule(ada, chatId), 409, 'TOO_MANY_SCHEDULED');
    const first = (await ada.get('/user/scheduled?limit=60')).body;
    expect(first).toMatchObject({ count: 60, has_more: true });
    const rest = (await ada.get(`/user/scheduled?limit=60&cursor=${first.next}`)).body;
    expect(rest).toMatchObject({ count: 40, has_more: false });
    await ada.delete(`/scheduled/${first.scheduled[0].id}`);
    expect((await schedule(ada, chatId)).status).toBe(200);
  });
});

describe('one whose time has come', () => {
  const failed = async (person: Person, id: number) => {
    await letCome(test, id);
    await expect.poll(async () => (await list(person))[0]?.state).toBe('failed');
    return (await list(person))[0];
  };

  it('is kept with the reason when the author may not write any more, and told', async () => {
    const { ada, bob, chatId } = await group();
    const { id } = (await schedule(bob, chatId)).body;
    const phone = await Socket.of(bob);
    await ada.patch(`/chat/${chatId}`, { member_rights: [] });
    expect(await failed(bob, id)).toMatchObject({ reason: 'RIGHT_MISSING', contents: 'later' });
    expect((await phone.take('scheduled.updated')).data).toMatchObject({
      id,
      state: 'failed',
      reason: 'RIGHT_MISSING',
    });
    // A second try fails as well, and says why.
    expectError(await bob.post(`/scheduled/${id}/send`, undefined), 403, 'RIGHT_MISSING');
    expect(await list(bob)).toMatchObject([{ id, state: 'failed', reason: 'RIGHT_MISSING' }]);
    // Another text leaves it where it is; another time lets it wait.
    expect((await bob.patch(`/scheduled/${id}`, { contents: 'please' })).body).toMatchObject({ state: 'failed' });
    const again = await bob.patch(`/scheduled/${id}`, { send_at: inMs(HOUR_MS) });
    expect(again.body).toMatchObject({ state: 'waiting', reason: null });
    await ada.patch(`/chat/${chatId}`, { member_rights: ['send'] });
    await letCome(test, id);
    await expect.poll(() => textsIn(ada, chatId)).toEqual(['please']);
  });

  it('has failed when the chat is frozen, and when it has been left', async () => {
    const { ada, bob, chatId } = await group();
    const one = (await schedule(bob, chatId)).body.id as number;
    await ada.patch(`/chat/${chatId}`, { frozen: true });
    expect(await failed(bob, one)).toMatchObject({ reason: 'CHAT_FROZEN' });
    await bob.delete(`/scheduled/${one}`);
    await ada.patch(`/chat/${chatId}`, { frozen: false });
    const other = (await schedule(bob, chatId)).body.id as number;
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    expect(await failed(bob, other)).toMatchObject({ reason: 'CHAT_DOES_NOT_EXIST' });
    expect(await textsIn(ada, chatId)).toEqual([]);
  });

  it('has failed when the other person has blocked the author', async () => {
    const { ada, bob } = await group();
    const chatId = await ada.openPrivate(bob);
    const { id } = (await schedule(ada, chatId)).body;
    await bob.put(`/user/blocks/${ada.id}`);
    expect(await failed(ada, id)).toMatchObject({ reason: 'NOT_ACCEPTING_MESSAGES' });
  });

  it('has failed when the author is suspended', async () => {
    const { ada, bob, chatId } = await group();
    const { id } = (await schedule(bob, chatId)).body;
    const admin = await registerAdmin(test);
    expect((await admin.post(`/admin/users/${bob.id}/suspend`, { reason: 'x' })).status).toBe(200);
    await letCome(test, id);
    const stateOf = async () => (await test.db.scheduledMessage.findUniqueOrThrow({ where: { id } })).reason;
    await expect.poll(stateOf).toBe('USER_SUSPENDED');
    expect(await textsIn(ada, chatId)).toEqual([]);
  });

  it('waits for slow mode, and is in vain for nobody', async () => {
    const { ada, bob, chatId } = await group();
    const { id } = (await schedule(bob, chatId)).body;
    await ada.patch(`/chat/${chatId}`, { slow_mode_seconds: 3600 });
    await bob.send(chatId, 'first');
    await letCome(test, id);
    const dueAt = async () => (await test.db.scheduledMessage.findUniqueOrThrow({ where: { id } })).due_at!.getTime();
    await expect.poll(async () => (await dueAt()) > Date.now() + HOUR_MS / 2).toBe(true);
    // It can be cancelled meanwhile.
    expect((await bob.delete(`/scheduled/${id}`)).status).toBe(200);
    expect(await textsIn(ada, chatId)).toEqual(['first']);
  });

  it('answers a message that has been deleted', async () => {
    const { ada, bob, chatId } = await group();
    const { id: answered } = await ada.send(chatId, 'when?');
    const { id } = (await schedule(bob, chatId, { reply_to_id: answered })).body;
    await ada.delete(`/message/${answered}`);
    const phone = await Socket.of(ada);
    await letCome(test, id);
    expect((await phone.take('message.created')).data.reply_to).toEqual({ id: answered, deleted: true });
  });

  it('is sent once although its process died after the send', async () => {
    const { ada, bob, chatId } = await group();
    const phone = await Socket.of(ada);
    const { id, client_id } = (await schedule(ada, chatId)).body;
    // As a process leaves it that has sent it and got no further.
    await ada.send(chatId, 'later', client_id);
    await test.db.$executeRaw`
      update public.scheduled_message set claimed_at = now() - interval '10 seconds', due_at = now() where id = ${id}`;
    expectError(await ada.delete(`/scheduled/${id}`), 409, 'NO_LONGER_WAITING');
    await expect.poll(() => list(ada)).toEqual([]);
    expect(await textsIn(bob, chatId)).toEqual(['later']);
    expect((await phone.rest()).filter(({ type }) => type === 'message.created')).toHaveLength(1);
  });

  it('is not sent again when its message was deleted before its process had written that it is sent', async () => {
    const { ada, bob, chatId } = await group();
    const { id, client_id } = (await schedule(ada, chatId)).body;
    const sent = await ada.send(chatId, 'later', client_id);
    await ada.delete(`/message/${sent.id}`);
    await letCome(test, id);
    await expect.poll(() => list(ada)).toEqual([]);
    expect(await textsIn(bob, chatId)).toEqual([]);
    const stored = await test.db.scheduledMessage.findUniqueOrThrow({ where: { id } });
    expect(stored).toMatchObject({ state: 'sent', sent_message_id: null });
  });

  it('is taken by one process at a time', async () => {
    const { ada, chatId } = await group();
    const { id } = (await schedule(ada, chatId)).body;
    await test.db.$executeRaw`update public.scheduled_message set due_at = '2001-01-01' where id = ${id}`;
    const claims = await Promise.all([1, 2, 3].map(() => claimScheduled(test.db, 50, 500)));
    expect(claims.flat().filter((one) => one.id === id).length).toBeLessThanOrEqual(1);
    // It is sent in the end, by one of them.
    await expect.poll(() => textsIn(ada, chatId)).toEqual(['later']);
  });

  it('goes with its author', async () => {
    const { bob, chatId } = await group();
    const { id } = (await schedule(bob, chatId)).body;
    await eraseMe(bob);
    expect(await test.db.scheduledMessage.count({ where: { id } })).toBe(0);
  });

  it('is cancelled or sent, never both', async () => {
    const { ada, bob, chatId } = await group();
    const ids = await Promise.all(
      Array.from({ length: 12 }, async () => (await schedule(ada, chatId)).body.id as number),
    );
    const coming = letCome(test, ...ids);
    const answers = await Promise.all(ids.map((id) => ada.delete(`/scheduled/${id}`)));
    await coming;
    await expect.poll(() => list(ada)).toEqual([]);
    const cancelled = answers.filter(({ status }) => status === 200).length;
    expect(await textsIn(bob, chatId)).toHaveLength(12 - cancelled);
  });
});
