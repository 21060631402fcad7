import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { BLANK_TEXTS, VISIBLE_TEXTS } from '../../support/blank-texts.js';
import { asRead, expectError, register, type Person } from '../../support/client.js';

const test = useApp();

async function pair(): Promise<{ ada: Person; bob: Person; chatId: number }> {
  const [ada, bob] = [await register(test), await register(test)];
  return { ada, bob, chatId: await ada.openPrivate(bob) };
}

describe('PATCH /message/{message_id}', () => {
  it('changes the contents for everyone, at the next pts', async () => {
    const { ada, bob, chatId } = await pair();
    const sent = await ada.send(chatId, 'helo');
    const { status, body } = await ada.patch(`/message/${sent.id}`, { contents: 'hello' });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...sent,
      contents: 'hello',
      updated_at: expect.any(String),
      edited_at: body.updated_at,
      pts: 3,
      version: 3,
    });
    expect(Date.parse(body.edited_at)).toBeGreaterThanOrEqual(Date.parse(sent.created_at));
    expect((await bob.get(`/chat/${chatId}/messages`)).body.messages).toEqual([asRead(body)]);
    expect((await bob.get(`/chat/${chatId}`)).body).toMatchObject({ pts: 3, last_message: asRead(body) });
    expect((await bob.get('/user/chats')).body.chats[0].last_message).toEqual(asRead(body));
  });

  it('is nothing when the contents are the same: no number, no mark, the message as it is', async () => {
    const { ada, bob, chatId } = await pair();
    const sent = await ada.send(chatId, 'hello', 'a name');
    expect(await ada.patch(`/message/${sent.id}`, { contents: 'hello' })).toMatchObject({ status: 200, body: sent });
    const edited = await ada.patch(`/message/${sent.id}`, { contents: 'Hello' });
    expect(edited.body).toMatchObject({ pts: 3 });
    await bob.send(chatId, 'hi');
    const again = await ada.patch(`/message/${sent.id}`, { contents: 'Hello' });
    expect(again.body).toEqual(edited.body);
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(4);
    // Back to what it was is a change.
    expect((await ada.patch(`/message/${sent.id}`, { contents: 'hello' })).body.pts).toBe(5);
  });

  it('leaves the place of the message, and that of its chat, as they are', async () => {
    const { ada, bob, chatId } = await pair();
    const first = await ada.send(chatId, 'first');
    const second = await bob.send(chatId, 'second');
    const other = await ada.openGroup([bob]);
    expect((await ada.patch(`/message/${first.id}`, { contents: '1st' })).body.pts).toBe(4);
    const { messages } = (await bob.get(`/chat/${chatId}/messages`)).body;
    expect(messages).toMatchObject([{ id: first.id, contents: '1st' }, asRead(second)]);
    expect((await bob.get('/user/chats')).body.chats).toMatchObject([
      { id: other },
      { id: chatId, pts: 4, last_message: asRead(second) },
    ]);
  });

  it('is for the author alone, and tells outsiders nothing', async () => {
    const { ada, bob, chatId } = await pair();
    const eve = await register(test);
    const { id } = await ada.send(chatId, 'mine');
    const contents = 'yours';
    expectError(await bob.patch(`/message/${id}`, { contents }), 403, 'NOT_THE_OWNER');
    expectError(await eve.patch(`/message/${id}`, { contents }), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await eve.patch('/message/2000000000', { contents }), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect((await ada.get(`/chat/${chatId}`)).body).toMatchObject({ pts: 2, last_message: { contents: 'mine' } });
  });

  it('is not for an author who has left, nor of a message that is gone', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const chatId = await ada.openGroup([bob]);
    const { id } = await bob.send(chatId, 'mine');
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    expectError(await bob.patch(`/message/${id}`, { contents: 'x' }), 404, 'MESSAGE_DOES_NOT_EXIST');
    const gone = await ada.send(chatId, 'gone');
    await ada.delete(`/message/${gone.id}`);
    expectError(await ada.patch(`/message/${gone.id}`, { contents: 'x' }), 404, 'MESSAGE_DOES_NOT_EXIST');
  });

  it('gives each of many at once a pts of its own', async () => {
    const { ada, bob, chatId } = await pair();
    const { id } = await ada.send(chatId, 'x');
    const answers = await Promise.all([
      ...Array.from({ length: 8 }, (_, index) => ada.patch(`/message/${id}`, { contents: `edit ${index}` })),
      ...Array.from({ length: 8 }, (_, index) => bob.post(`/chat/${chatId}/message`, { contents: `sent ${index}` })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const pts = answers.map(({ body }) => body.pts as number).sort((a, b) => a - b);
    expect(pts).toEqual(Array.from({ length: 16 }, (_, index) => index + 3));
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(18);
  });

  it.each(Object.entries(BLANK_TEXTS))('refuses nothing but %s', async (_name, contents) => {
    const { ada, chatId } = await pair();
    const { id } = await ada.send(chatId, 'x');
    const errors = { contents: expect.any(String) };
    expectError(await ada.patch(`/message/${id}`, { contents }), 422, 'VALIDATION_ERROR', { errors });
    expectError(await ada.post(`/chat/${chatId}/message`, { contents }), 422, 'VALIDATION_ERROR', { errors });
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(2);
  });

  it('keeps what can be seen as it was written', async () => {
    const { ada, chatId } = await pair();
    for (const contents of VISIBLE_TEXTS) {
      const sent = await ada.send(chatId, contents);
      expect(sent.contents).toBe(contents);
      expect((await ada.patch(`/message/${sent.id}`, { contents: `${contents} ` })).body.contents).toBe(`${contents} `);
    }
  });

  it.each([[''], ['x'.repeat(2048)], ['a\0b'], [5], [null], [undefined]])('refuses %j', async (contents) => {
    const { ada, chatId } = await pair();
    const { id } = await ada.send(chatId, 'x');
    expectError(await ada.patch(`/message/${id}`, { contents }), 422, 'VALIDATION_ERROR', {
      errors: { contents: expect.any(String) },
    });
  });
});
