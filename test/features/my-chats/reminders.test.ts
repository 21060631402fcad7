import { describe, expect, it } from 'vitest';
import { claimReminders } from '../../../src/features/reminders/reminders.queries.js';
import { call, expectError, registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const HOUR_MS = 3_600_000;
const set = (person: Person, messageId: number, remind_at = inMs(HOUR_MS)) =>
  person.put(`/message/${messageId}/reminder`, { remind_at });
const list = async (person: Person) => (await person.get('/user/reminders')).body.reminders;

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  const { id: messageId } = await bob.send(chatId, 'think of it');
  return { ada, bob, eve, chatId, messageId };
}

describe('PUT and DELETE /message/{message_id}/reminder', () => {
  it('are told to all devices of the user and to nobody else, and once', async () => {
    const { ada, bob, chatId, messageId } = await group();
    const [phone, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    const remind_at = inMs(HOUR_MS);
    const reminder = { message_id: messageId, chat_id: chatId, remind_at, state: 'waiting' };
    for (let count = 0; count < 2; count++) expect((await set(ada, messageId, remind_at)).body).toEqual(reminder);
    const later = { ...reminder, remind_at: inMs(2 * HOUR_MS) };
    expect((await set(ada, messageId, later.remind_at)).body).toEqual(later);
    expect(await list(ada)).toEqual([later]);
    for (let count = 0; count < 2; count++)
      expect((await ada.delete(`/message/${messageId}/reminder`)).status).toBe(200);
    expect(await list(ada)).toEqual([]);
    expect(await phone.rest()).toEqual([
      { type: 'reminder.updated', me_pts: 1, data: reminder },
      { type: 'reminder.updated', me_pts: 2, data: later },
      { type: 'reminder.updated', me_pts: 3, data: { ...later, state: 'ended' } },
    ]);
    expect(await bobs.rest()).toEqual([]);
    expect((await bob.delete(`/message/${messageId}/reminder`)).status).toBe(200);
    expect(await bobs.rest()).toEqual([]);
  });

  it('make one of many at once', async () => {
    const { ada, messageId } = await group();
    const remind_at = inMs(HOUR_MS);
    const answers = await Promise.all(Array.from({ length: 6 }, () => set(ada, messageId, remind_at)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect((await ada.post('/sync', { epoch: null, chats: {}, me_pts: 0 })).body.me.me_pts).toBe(1);
  });

  it('are for messages that one can see', async () => {
    const { bob, eve, chatId, messageId } = await group();
    expectError(await set(eve, messageId), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await set(eve, 9_999_999), 404, 'MESSAGE_DOES_NOT_EXIST');
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    expectError(await set(bob, messageId), 404, 'MESSAGE_DOES_NOT_EXIST');
    const token = test.app.createAccessToken(9_999_999);
    expectError(await call(test, 'GET', '/user/reminders', { token }), 401, 'NOT_AUTHORIZED');
    expectError(await call(test, 'DELETE', `/message/${messageId}/reminder`, { token }), 401, 'NOT_AUTHORIZED');
  });

  it.each(['tomorrow', '0000-01-01T00:00:00Z', null, 5])('refuse %j', async (remind_at) => {
    const { ada, messageId } = await group();
    expectError(await ada.put(`/message/${messageId}/reminder`, { remind_at }), 422, 'VALIDATION_ERROR', {
      errors: expect.any(Object),
    });
  });

  it('are a hundred at the most, of those that have not ended', async () => {
    const { ada, chatId, messageId } = await group();
    await test.db.$executeRaw`
      insert into public.reminder (user_id, message_id, chat_id, remind_at, state, due_at, me_pts)
      select ${ada.id}, ${messageId} + n, ${chatId}, '2100-01-01', 'waiting', '2100-01-01', n from generate_series(1, 100) n`;
    await test.db.$executeRaw`
      insert into public.user_log (user_id, me_pts) values (${ada.id}, 100)
      on conflict (user_id) do update set me_pts = 100`;
    expectError(await set(ada, messageId), 409, 'TOO_MANY_REMINDERS');
    await ada.delete(`/message/${messageId + 1}/reminder`);
    expect((await set(ada, messageId)).status).toBe(200);
  });
});

describe('a reminder that is due', () => {
  it('is told once, and stays until it is dismissed', async () => {
    const { ada, chatId, messageId } = await group();
    const phone = await Socket.of(ada);
    const { body } = await set(ada, messageId, inMs(-HOUR_MS));
    const due = { ...body, state: 'due' };
    expect(await phone.take('reminder.due')).toEqual({ type: 'reminder.due', me_pts: 2, data: due });
    expect(await list(ada)).toEqual([due]);
    const { changes } = (await ada.post('/sync', { epoch: null, chats: { [chatId]: 2 }, me_pts: 0 })).body.me;
    expect(changes).toEqual([{ type: 'reminder.due', me_pts: 2, data: due }]);
    // Another time is a new reminder.
    expect((await set(ada, messageId)).body.state).toBe('waiting');
    await ada.delete(`/message/${messageId}/reminder`);
    expect((await phone.rest()).filter(({ type }) => type === 'reminder.due')).toEqual([]);
  });

  it('is none for who cannot see the message any more', async () => {
    const { ada, bob, chatId, messageId } = await group();
    const { id: another } = await ada.send(chatId, 'of bob as well');
    const phone = await Socket.of(bob);
    await set(bob, another);
    await set(bob, messageId);
    await bob.delete(`/message/${messageId}`);
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    await test.db.$executeRaw`
      update public.reminder set remind_at = now(), due_at = now() where user_id = ${bob.id}`;
    await expect.poll(() => list(bob), { timeout: 5000 }).toEqual([]);
    const events = (await phone.rest()).filter(({ me_pts }) => me_pts !== undefined && me_pts > 2);
    expect(events.map(({ type, data }) => [type, (data as { state: string }).state])).toEqual([
      ['reminder.updated', 'ended'],
      ['reminder.updated', 'ended'],
    ]);
  });

  it('is taken by one process at a time', async () => {
    const { ada, messageId } = await group();
    await set(ada, messageId);
    await test.db.$executeRaw`update public.reminder set due_at = '2001-01-01' where user_id = ${ada.id}`;
    const claims = await Promise.all([1, 2, 3].map(() => claimReminders(test.db, 50, 60_000)));
    // The server of this test may have been quicker; it finds that it is not time yet.
    expect(claims.flat().filter(({ userId }) => userId === ada.id).length).toBeLessThanOrEqual(1);
    expect(await list(ada)).toMatchObject([{ state: 'waiting' }]);
  });
});
