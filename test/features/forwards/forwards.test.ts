import { describe, expect, it } from 'vitest';
import { expectError, registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

async function chats() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const [from, to] = [await ada.openGroup([bob]), await bob.openPrivate(eve)];
  const { id } = await ada.send(from, 'meet at seven');
  return { ada, bob, eve, from, to, id };
}

const forward = (person: Person, chatId: number, message_id: number, more: object = {}) =>
  person.post(`/chat/${chatId}/forward`, { message_id, ...more });

describe('a forwarded message', () => {
  it('is a copy with the name of its author and its time, and nothing else of it', async () => {
    const { ada, bob, eve, from, to } = await chats();
    const mentions = { user_ids: [bob.id] };
    const poll = { question: 'When?', options: ['now', 'later'] };
    const given = { contents: 'When?', poll, mentions, custom: { a: 1 } };
    const source = (await ada.post(`/chat/${from}/message`, given)).body;
    const eves = await Socket.of(eve);
    const { status, body } = await forward(bob, to, source.id);
    expect(status).toBe(200);
    const forwarded = { author_name: ada.username, at: source.created_at };
    expect(body).toMatchObject({ author_id: bob.id, contents: 'When?', forwarded });
    for (const name of ['poll', 'mentions', 'custom']) expect(body).not.toHaveProperty(name);
    expect((await eves.take('message.created')).data.forwarded).toEqual(forwarded);
    const again = (await forward(eve, await eve.openGroup([bob]), body.id)).body;
    expect(again.forwarded).toEqual(forwarded);
    expect((await eve.get(`/chat/${to}/messages`)).body.messages[0].forwarded).toEqual(forwarded);
  });

  it('is sent once under its client_id, and stays as it is', async () => {
    const { ada, bob, to, id } = await chats();
    const first = (await forward(bob, to, id, { client_id: 'one' })).body;
    await ada.patch(`/message/${id}`, { contents: 'edited' });
    expect((await forward(bob, to, id, { client_id: 'one' })).body).toEqual({ ...first, deduplicated: true });
    await ada.delete(`/message/${id}`);
    expect((await forward(bob, to, id, { client_id: 'one' })).body).toEqual({ ...first, deduplicated: true });
    expectError(await forward(bob, to, id), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect((await bob.get(`/message/${first.id}`)).body).toMatchObject({ contents: 'meet at seven' });
    const own = (await bob.post(`/chat/${to}/message`, { contents: 'mine', client_id: 'two' })).body.id as number;
    expectError(await forward(bob, to, first.id, { client_id: 'two' }), 409, 'CLIENT_ID_TAKEN');
    expect((await bob.patch(`/message/${own}`, { contents: 'x', forwarded: first.forwarded })).status).toBe(422);
  });

  it('is made by those who see the source, and may write to the other chat', async () => {
    const { ada, bob, eve, from, to, id } = await chats();
    expectError(await forward(eve, to, id), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await forward(ada, to, id), 404, 'CHAT_DOES_NOT_EXIST');
    await eve.put(`/user/blocks/${bob.id}`);
    expectError(await forward(bob, to, id), 403, 'NOT_ACCEPTING_MESSAGES');
    await ada.patch(`/chat/${from}`, { member_rights: [] });
    expectError(await forward(bob, from, id), 403, 'RIGHT_MISSING');
    const forged = { contents: 'x', forwarded: { author_name: 'ada', at: '2026-11-23T09:12:00.000Z' } };
    expect((await bob.post(`/chat/${from}/message`, forged)).status).toBe(422);
  });

  it('is refused where the group does not want it', async () => {
    const { ada, bob, from, to, id } = await chats();
    expectError(await bob.patch(`/chat/${from}`, { no_forward: true }), 403, 'RIGHT_MISSING');
    const bobs = await Socket.of(bob);
    expect((await ada.patch(`/chat/${from}`, { no_forward: true })).body.no_forward).toBe(true);
    expect((await bobs.take('chat.updated')).data.no_forward).toBe(true);
    for (const person of [ada, bob]) expectError(await forward(person, from, id), 403, 'FORWARDING_FORBIDDEN');
    await ada.patch(`/chat/${from}`, { no_forward: false });
    expect((await forward(bob, to, id)).status).toBe(200);
  });

  it('leads to its source only for those who see that', async () => {
    const { ada, bob, eve, from, to, id } = await chats();
    const copy = (await forward(bob, to, id)).body.id as number;
    const source = (person: Person, messageId: number) => person.get(`/message/${messageId}/source`);
    expect((await source(bob, copy)).body).toMatchObject({ id, chat_id: from, author: { id: ada.id } });
    for (const [person, messageId] of [
      [eve, copy],
      [ada, copy],
      [bob, id],
    ] as const)
      expectError(await source(person, messageId), 404, 'MESSAGE_DOES_NOT_EXIST');
    await ada.delete(`/chat/${from}/participants/${bob.id}`);
    expectError(await source(bob, copy), 404, 'MESSAGE_DOES_NOT_EXIST');
  });
});
