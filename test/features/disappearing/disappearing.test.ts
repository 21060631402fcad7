import { describe, expect, it } from 'vitest';
import { removeExpired } from '../../../src/features/disappearing/disappearing-job.js';
import { claimExpired } from '../../../src/features/disappearing/disappearing.queries.js';
import { expectError, registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const setTimer = (person: Person, chatId: number, seconds: number) =>
  person.patch(`/chat/${chatId}`, { disappear_after_seconds: seconds });
const textsIn = async (person: Person, chatId: number) =>
  (await person.get(`/chat/${chatId}/messages`)).body.messages.map(({ contents }: { contents: string }) => contents);

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

/** Its time has come; nobody deletes it yet. */
async function letExpire(id: number): Promise<void> {
  await test.db.$executeRaw`update public.message set expires_at = now() where id = ${id}`;
}

/** And the server looks at it. */
async function letCome(id: number): Promise<void> {
  await letExpire(id);
  await test.db.$executeRaw`update public.message_expiry set due_at = now() where message_id = ${id}`;
}

describe('the timer of a chat', () => {
  it('is told to all, and counts for what is sent from then on', async () => {
    const { ada, bob, chatId } = await group();
    const bobs = await Socket.of(bob);
    const before = await ada.send(chatId, 'stays');
    for (let count = 0; count < 2; count++) {
      const { status, body } = await setTimer(ada, chatId, 60);
      expect(status).toBe(200);
      expect(body.disappear_after_seconds).toBe(60);
    }
    const sent = (await ada.post(`/chat/${chatId}/message`, { contents: 'goes' })).body;
    expect(Date.parse(sent.expires_at) - Date.parse(sent.created_at)).toBe(60_000);
    const edited = (await ada.patch(`/message/${sent.id}`, { contents: 'goes, edited' })).body;
    expect(edited.expires_at).toBe(sent.expires_at);
    await setTimer(ada, chatId, 0);
    const after = (await ada.post(`/chat/${chatId}/message`, { contents: 'stays as well' })).body;
    expect(after).not.toHaveProperty('expires_at');
    const events = await bobs.rest();
    expect(
      events.filter(({ type }) => type === 'chat.updated').map(({ data }) => data.disappear_after_seconds),
    ).toEqual([60, 0]);
    const times = events.filter(({ type }) => type === 'message.created').map(({ data }) => data.expires_at);
    expect(times).toEqual([undefined, sent.expires_at, undefined]);
    expect((await bob.get(`/chat/${chatId}`)).body.disappear_after_seconds).toBe(0);
    expect((await bob.get(`/message/${before.id}`)).body).not.toHaveProperty('expires_at');
    expect(await test.db.messageExpiry.count({ where: { chat_id: chatId } })).toBe(1);
  });

  it('is set by those who may delete messages of others, and by both of a private chat', async () => {
    const { ada, bob, eve, chatId } = await group();
    expectError(await setTimer(bob, chatId, 60), 403, 'RIGHT_MISSING');
    expectError(await setTimer(eve, chatId, 60), 404, 'CHAT_DOES_NOT_EXIST');
    const pair = await ada.openPrivate(bob);
    for (const person of [ada, bob]) expect((await setTimer(person, pair, 60 + person.id)).status).toBe(200);
    expectError(await ada.patch(`/chat/${pair}`, { disappear_after_seconds: 60, name: 'x' }), 400, 'NOT_A_GROUP');
  });

  it.each([1, 4, -1, 31_536_001, 5.5, '60', null])('is not %j', async (seconds) => {
    const { ada, chatId } = await group();
    expectError(await ada.patch(`/chat/${chatId}`, { disappear_after_seconds: seconds }), 422, 'VALIDATION_ERROR', {
      errors: expect.any(Object),
    });
  });
});

describe('a message whose time has come', () => {
  it('is shown nowhere, even before it is deleted', async () => {
    const { ada, bob, chatId } = await group();
    await ada.send(chatId, 'stays');
    await setTimer(ada, chatId, 3600);
    const { id } = await ada.send(chatId, 'goes');
    const answer = (await bob.post(`/chat/${chatId}/message`, { contents: 'answer', reply_to_id: id })).body;
    expect(answer.reply_to.excerpt).toBe('goes');
    await letExpire(answer.id);
    expect((await bob.get(`/chat/${chatId}`)).body.last_message).toBeNull();
    await letExpire(id);
    expect(await textsIn(bob, chatId)).toEqual(['stays']);
    for (const request of [
      bob.get(`/message/${id}`),
      ada.patch(`/message/${id}`, { contents: 'more' }),
      bob.put(`/message/${id}/reactions/:x:`),
      bob.put(`/message/${id}/reminder`, { remind_at: '2100-01-01T00:00:00Z' }),
    ])
      expectError(await request, 404, 'MESSAGE_DOES_NOT_EXIST');
    const { chats } = (await bob.post('/sync', { epoch: null, chats: { [chatId]: 1 } })).body;
    expect(JSON.stringify(chats)).not.toContain('goes');
    const late = (await bob.post(`/chat/${chatId}/message`, { contents: 'late', reply_to_id: id })).body;
    expect(late.reply_to).toEqual({ id, deleted: true });
  });

  it('is deleted as any other, with a number, once', async () => {
    const { ada, bob, chatId } = await group();
    const { id: first } = await ada.send(chatId, 'stays');
    await setTimer(ada, chatId, 3600);
    const { id } = (await ada.post(`/chat/${chatId}/message`, { contents: 'goes', client_id: 'once' })).body;
    await bob.put(`/message/${id}/reactions/:seen:`);
    const bobs = await Socket.of(bob);
    await letCome(id);
    expect(await bobs.take('message.deleted')).toMatchObject({ chat_id: chatId, pts: 6, data: { id } });
    const chat = (await bob.get(`/chat/${chatId}`)).body;
    expect(chat).toMatchObject({ pts: 6, last_message: { id: first }, unread_count: 1 });
    expectError(
      await ada.post(`/chat/${chatId}/message`, { contents: 'goes', client_id: 'once' }),
      ...([410, 'MESSAGE_DELETED'] as const),
    );
    const { chats } = (await bob.post('/sync', { epoch: null, chats: { [chatId]: 3 } })).body;
    expect(chats[0].changes).toMatchObject([{ type: 'message.deleted', pts: 6, data: { id } }]);
    expect(await test.db.messageExpiry.count({ where: { chat_id: chatId } })).toBe(0);
    expect(await test.db.reaction.count({ where: { message_id: id } })).toBe(0);
  });

  it('takes one number, however many processes delete it, and its author', async () => {
    const { ada, chatId } = await group();
    await setTimer(ada, chatId, 3600);
    const { id, pts } = await ada.send(chatId, 'goes');
    const context = { db: test.db, live: { publish: () => undefined }, log: console, statements: {} };
    const remove = () =>
      removeExpired(context as unknown as Parameters<typeof removeExpired>[0], {
        ...{ id, chat_id: chatId, author_id: ada.id },
      });
    await Promise.all([remove(), ada.delete(`/message/${id}`), remove(), remove()]);
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(pts + 1);
  });

  it('is deleted by another process when the one that took it has died', async () => {
    const { ada, chatId } = await group();
    await setTimer(ada, chatId, 3600);
    const { id } = await ada.send(chatId, 'goes');
    await test.db.$executeRaw`update public.message_expiry set due_at = '2001-01-01' where message_id = ${id}`;
    const claims = await Promise.all([1, 2, 3].map(() => claimExpired(test.db, 50, 500)));
    expect(claims.flat().filter((one) => one.id === id).length).toBeLessThanOrEqual(1);
    await expect.poll(() => textsIn(ada, chatId)).toEqual([]);
  });
});
