import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, register, type Person } from '../../support/client.js';

const test = useApp();

async function pair(): Promise<{ ada: Person; bob: Person; chatId: number }> {
  const [ada, bob] = [await register(test), await register(test)];
  return { ada, bob, chatId: await ada.openPrivate(bob) };
}

const read = (person: Person, chatId: number, message_id: unknown) =>
  person.post(`/chat/${chatId}/read`, { message_id });

const mark = async (person: Person, chatId: number) => {
  const { last_read_message_id, unread_count } = (await person.get(`/chat/${chatId}`)).body;
  return { last_read_message_id, unread_count };
};

describe('POST /chat/{chat_id}/read', () => {
  it('counts what others have written since', async () => {
    const { ada, bob, chatId } = await pair();
    const first = await ada.send(chatId, '1');
    await bob.send(chatId, '2');
    await ada.send(chatId, '3');
    expect(await mark(bob, chatId)).toEqual({ last_read_message_id: null, unread_count: 2 });
    expect(await mark(ada, chatId)).toEqual({ last_read_message_id: null, unread_count: 1 });
    const { status, body } = await read(bob, chatId, first.id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ chat_id: chatId, last_read_message_id: first.id, unread_count: 1 });
    expect((await bob.get('/user/chats')).body.chats).toMatchObject([
      { id: chatId, last_read_message_id: first.id, unread_count: 1 },
    ]);
    expect(await mark(ada, chatId)).toEqual({ last_read_message_id: null, unread_count: 1 });
    // A mark is no change of the chat.
    expect((await bob.get(`/chat/${chatId}`)).body.pts).toBe(4);
  });

  it('never moves back', async () => {
    const { ada, bob, chatId } = await pair();
    const [first, second] = [await ada.send(chatId, '1'), await ada.send(chatId, '2')];
    await read(bob, chatId, second.id);
    const { body } = await read(bob, chatId, first.id);
    expect(body).toMatchObject({ chat_id: chatId, last_read_message_id: second.id, unread_count: 0 });
    await Promise.all([first, second, first].map(({ id }) => read(ada, chatId, id)));
    expect(await mark(ada, chatId)).toEqual({ last_read_message_id: second.id, unread_count: 0 });
  });

  it.each([1000, Number.MAX_SAFE_INTEGER])('never moves beyond the newest message, %d ahead', async (ahead) => {
    const { ada, bob, chatId } = await pair();
    const { id } = await ada.send(chatId, '1');
    const beyond = Math.min(id + ahead, Number.MAX_SAFE_INTEGER);
    expect((await read(bob, chatId, beyond)).body).toMatchObject({ last_read_message_id: id, unread_count: 0 });
    await ada.send(chatId, '2');
    expect(await mark(bob, chatId)).toEqual({ last_read_message_id: id, unread_count: 1 });
  });

  it('does not move in a chat without messages', async () => {
    const { ada, bob, chatId } = await pair();
    const { body } = await read(bob, chatId, Number.MAX_SAFE_INTEGER);
    expect(body).toMatchObject({ chat_id: chatId, last_read_message_id: null, unread_count: 0 });
    await ada.send(chatId, '1');
    expect(await mark(bob, chatId)).toEqual({ last_read_message_id: null, unread_count: 1 });
  });

  it('counts a message no more that has been deleted', async () => {
    const { ada, bob, chatId } = await pair();
    const [first, second] = [await ada.send(chatId, '1'), await ada.send(chatId, '2')];
    await ada.delete(`/message/${first.id}`);
    expect((await mark(bob, chatId)).unread_count).toBe(1);
    await ada.delete(`/message/${second.id}`);
    expect((await mark(bob, chatId)).unread_count).toBe(0);
  });

  it('is not for outsiders', async () => {
    const { ada, chatId } = await pair();
    const eve = await register(test);
    const { id } = await ada.send(chatId, '1');
    expectError(await read(eve, chatId, id), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await read(eve, 2_000_000_000, id), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it.each([0, -1, 1.5, '5', null, 2 ** 53, undefined])('refuses %j for an id', async (message_id) => {
    const { ada, chatId } = await pair();
    expectError(await read(ada, chatId, message_id), 422, 'VALIDATION_ERROR', {
      errors: { message_id: expect.any(String) },
    });
  });
});
