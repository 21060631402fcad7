import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { asRead, expectError, register, uniqueName, type Person } from '../../support/client.js';

const test = useApp();

async function pair(): Promise<{ ada: Person; bob: Person; chatId: number }> {
  const [ada, bob] = [await register(test), await register(test)];
  return { ada, bob, chatId: await ada.openPrivate(bob) };
}

describe('POST /chat/{chat_id}/message with a client_id', () => {
  it('sends once, and answers a repeat with the first', async () => {
    const { ada, bob, chatId } = await pair();
    const client_id = uniqueName();
    const first = await ada.send(chatId, 'hello', client_id);
    expect(first).toMatchObject({ client_id, pts: 2 });
    expect(first).not.toHaveProperty('deduplicated');
    expect(await ada.send(chatId, 'hello', client_id)).toEqual({ ...first, deduplicated: true });
    expect((await bob.get(`/chat/${chatId}/messages`)).body.messages).toEqual([asRead(first)]);
    expect((await bob.get(`/chat/${chatId}`)).body.pts).toBe(2);
  });

  it('makes one message of ten repeats at once', async () => {
    const { ada, chatId } = await pair();
    const client_id = uniqueName();
    const answers = await Promise.all(Array.from({ length: 10 }, () => ada.send(chatId, 'once', client_id)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter((answer) => !('deduplicated' in answer))).toHaveLength(1);
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(1);
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(2);
  });

  it('makes one message of different ones at once, and refuses the others', async () => {
    const { ada, chatId } = await pair();
    const client_id = uniqueName();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        ada.post(`/chat/${chatId}/message`, { contents: `no. ${index}`, client_id }),
      ),
    );
    const [winner, ...losers] = answers.sort((a, b) => a.status - b.status);
    expect(winner?.status).toBe(200);
    for (const loser of losers) expectError(loser, 409, 'CLIENT_ID_TAKEN');
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(1);
  });

  it('refuses other contents and another chat', async () => {
    const { ada, bob, chatId } = await pair();
    const other = await ada.openGroup([bob]);
    const client_id = uniqueName();
    await ada.send(chatId, 'hello', client_id);
    expectError(await ada.post(`/chat/${chatId}/message`, { contents: 'bye', client_id }), 409, 'CLIENT_ID_TAKEN');
    expectError(await ada.post(`/chat/${other}/message`, { contents: 'hello', client_id }), 409, 'CLIENT_ID_TAKEN');
    expect((await ada.get(`/chat/${other}`)).body.pts).toBe(1);
  });

  it('knows a repeat also after an edit, by the contents as they were sent', async () => {
    const { ada, chatId } = await pair();
    const client_id = uniqueName();
    const { id } = await ada.send(chatId, 'first', client_id);
    for (const contents of ['second', 'third']) {
      const { body: edited } = await ada.patch(`/message/${id}`, { contents });
      expect(await ada.send(chatId, 'first', client_id)).toEqual({ ...edited, deduplicated: true });
    }
    expectError(await ada.post(`/chat/${chatId}/message`, { contents: 'third', client_id }), 409, 'CLIENT_ID_TAKEN');
  });

  it('does not bring back what has been deleted', async () => {
    const { ada, chatId } = await pair();
    const client_id = uniqueName();
    const { id } = await ada.send(chatId, 'oops', client_id);
    await ada.delete(`/message/${id}`);
    expectError(await ada.post(`/chat/${chatId}/message`, { contents: 'oops', client_id }), 410, 'MESSAGE_DELETED');
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(0);
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(3);
  });

  it('keeps apart what different users call the same', async () => {
    const { ada, bob, chatId } = await pair();
    const client_id = uniqueName();
    const [one, two] = await Promise.all([ada.send(chatId, 'x', client_id), bob.send(chatId, 'x', client_id)]);
    expect(one.id).not.toBe(two.id);
    await ada.delete(`/message/${one.id}`);
    expect(await bob.send(chatId, 'x', client_id)).toMatchObject({ id: two.id, deduplicated: true });
  });

  it('sends the same contents again without one', async () => {
    const { ada, chatId } = await pair();
    expect((await ada.send(chatId, 'x')).id).not.toBe((await ada.send(chatId, 'x')).id);
  });

  it('tells those who have left that it was sent, and nothing else', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const chatId = await ada.openGroup([bob]);
    const [kept, deleted] = [uniqueName(), uniqueName()];
    await bob.send(chatId, 'x', kept);
    const { id } = await bob.send(chatId, 'x', deleted);
    await bob.delete(`/message/${id}`);
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    const send = (client_id: string, person = bob, to = chatId) =>
      person.post(`/chat/${to}/message`, { contents: 'x', client_id });
    for (const client_id of [kept, deleted]) {
      expectError(await send(client_id), 404, 'CHAT_DOES_NOT_EXIST', { sent: true });
    }
    const stranger = await register(test);
    for (const answer of [await send(uniqueName()), await send(kept, stranger), await send(kept, bob, 999_999)]) {
      expectError(answer, 404, 'CHAT_DOES_NOT_EXIST');
      expect(answer.body.details).not.toHaveProperty('sent');
    }
  });

  it.each(['', 'x'.repeat(65), 'a\0b', 5, null])('refuses %j for one', async (client_id) => {
    const { ada, chatId } = await pair();
    const answer = await ada.post(`/chat/${chatId}/message`, { contents: 'x', client_id });
    expectError(answer, 422, 'VALIDATION_ERROR', { errors: { client_id: expect.any(String) } });
  });
});
