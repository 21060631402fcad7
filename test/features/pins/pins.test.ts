import { describe, expect, it } from 'vitest';
import { endPin } from '../../../src/features/pins/pins.service.js';
import { claimPins } from '../../../src/features/pins/pins.queries.js';
import { expectError, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { insertMessages } from '../../support/insert-messages.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  return { ada, bob, eve, chatId, id: (await ada.send(chatId, 'meet at seven')).id };
}

const pin = (person: Person, id: number, body: object = {}) => person.put(`/message/${id}/pin`, body);
const unpin = (person: Person, id: number) => person.delete(`/message/${id}/pin`);
const pinsOf = async (person: Person, chatId: number) => {
  const { status, body } = await person.get(`/chat/${chatId}/pins`);
  expect(status).toBe(200);
  return (body.messages as { id: number }[]).map(({ id }) => id);
};
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('a pin', () => {
  it('is a state of the message: in the event, the page, the list and a sync, until it is taken back', async () => {
    const { ada, bob, chatId, id } = await group();
    const bobs = await Socket.of(bob);
    const { status, body } = await pin(ada, id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, pinned: { at: expect.any(String), by: ada.id } });
    expect(body.pinned).not.toHaveProperty('until');
    const event = await bobs.take('message.updated');
    expect(event).toMatchObject({ chat_id: chatId, pts: body.version, data: { id, pinned: body.pinned } });
    const page = (await bob.get(`/chat/${chatId}/messages`)).body;
    const list = (await bob.get(`/chat/${chatId}/pins`)).body;
    const { chats } = (await bob.post('/sync', { epoch: null, chats: { [chatId]: body.version - 1 } })).body;
    for (const message of [page.messages[0], list.messages[0], chats[0].changes[0].data])
      expect(message).toMatchObject({ id, contents: 'meet at seven', pinned: body.pinned });
    expect(list).toMatchObject({ has_more: false, count: 1, authors: [{ id: ada.id }] });
    const taken = await unpin(ada, id);
    expect(taken.body).not.toHaveProperty('pinned');
    expect((await bobs.take('message.updated')).data).not.toHaveProperty('pinned');
    expect(await pinsOf(bob, chatId)).toEqual([]);
  });

  it('takes no number when nothing changes, keeps its place, and may get another end', async () => {
    const { ada, chatId, id } = await group();
    const other = (await ada.send(chatId, 'other')).id;
    const first = (await pin(ada, id)).body;
    await pin(ada, other);
    expect((await pin(ada, id)).body).toEqual(first);
    const until = inAnHour();
    const changed = (await pin(ada, id, { until })).body;
    expect(changed.pinned).toEqual({ ...first.pinned, until });
    expect((await pin(ada, id, { until })).body.version).toBe(changed.version);
    expect(await pinsOf(ada, chatId)).toEqual([other, id]);
    const { body } = await ada.get(`/chat/${chatId}/pins?limit=1`);
    expect(body).toMatchObject({ has_more: true, count: 1 });
    const next = (await ada.get(`/chat/${chatId}/pins?limit=1&cursor=${body.next}`)).body;
    expect(next).toMatchObject({ has_more: false, messages: [{ id }] });
    await unpin(ada, id);
    const version = (await unpin(ada, id)).body.version as number;
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(version);
  });

  it.each(['yesterday', '2001-01-01T00:00:00Z', 5, null])('does not end at %j', async (until) => {
    const { ada, id } = await group();
    expectError(await pin(ada, id, { until }), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
  });

  it('needs the right, which a group may give its members', async () => {
    const { ada, bob, eve, chatId, id } = await group();
    expectError(await pin(bob, id), 403, 'RIGHT_MISSING');
    expectError(await pin(eve, id), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await eve.get(`/chat/${chatId}/pins`), 404, 'CHAT_DOES_NOT_EXIST');
    await ada.patch(`/chat/${chatId}`, { member_rights: ['send', 'pin'] });
    expect((await pin(bob, id)).status).toBe(200);
    await ada.patch(`/chat/${chatId}`, { member_rights: ['send'] });
    expectError(await unpin(bob, id), 403, 'RIGHT_MISSING');
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    expectError(await unpin(bob, id), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect((await ada.get(`/chat/${chatId}/pins`)).body.messages[0].pinned.by).toBe(bob.id);
    expect((await unpin(ada, id)).status).toBe(200);
  });

  it('is for both of a private chat, as long as they may write to each other', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openPrivate(bob);
    const { id } = await ada.send(chatId, 'hello');
    expect((await pin(bob, id)).status).toBe(200);
    expect((await unpin(ada, id)).status).toBe(200);
    await ada.put(`/user/blocks/${bob.id}`);
    for (const person of [ada, bob]) expectError(await pin(person, id), 403, 'NOT_ACCEPTING_MESSAGES');
    expect(await pinsOf(bob, chatId)).toEqual([]);
  });

  it('is one of 100, also of those that come at once', async () => {
    const { ada, chatId } = await group();
    await insertMessages(test, chatId, ada, 102);
    const messages = await test.db.message.findMany({ where: { chat_id: chatId }, orderBy: { id: 'asc' } });
    const ids = messages.map((message) => Number(message.id));
    await test.db.messagePin.createMany({
      data: ids.slice(0, 99).map((message_id) => {
        return { message_id, chat_id: chatId, user_id: ada.id, created_at: new Date() };
      }),
    });
    const answers = await Promise.all(ids.slice(99, 102).map((id) => pin(ada, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expectError(
      answers.find(({ status }) => status === 409)!,
      ...([409, 'TOO_MANY_PINS'] as const),
    );
    expect((await pin(ada, ids[0]!, { until: inAnHour() })).status).toBe(200);
    expect((await pinsOf(ada, chatId)).length).toBe(100);
  });

  it('ends when its time has come, once', async () => {
    const { ada, bob, chatId, id } = await group();
    await pin(ada, id, { until: inAnHour() });
    const bobs = await Socket.of(bob);
    await test.db.$executeRaw`update public.message_pin set until = now() where message_id = ${id}`;
    expect(await pinsOf(bob, chatId)).toEqual([]);
    await test.db.$executeRaw`update public.message_pin set due_at = now() where message_id = ${id}`;
    expect((await bobs.take('message.updated')).data).not.toHaveProperty('pinned');
    const pts = (await bob.get(`/chat/${chatId}`)).body.pts as number;
    const context = { db: test.db, live: { publish: () => undefined }, log: console, statements: {} };
    await endPin(context as unknown as Parameters<typeof endPin>[0], { messageId: id, chatId, userId: ada.id });
    expect((await bob.get(`/chat/${chatId}`)).body.pts).toBe(pts);
    expect(await claimPins(test.db, 10, 1000)).toEqual([]);
  });

  it('goes with its message', async () => {
    const { ada, bob, chatId, id } = await group();
    await pin(ada, id);
    await ada.delete(`/message/${id}`);
    expect(await pinsOf(bob, chatId)).toEqual([]);
    expectError(await pin(ada, id), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect(await test.db.messagePin.count({ where: { chat_id: chatId } })).toBe(0);
  });

  it('is not shown to who does not see the message, in no event, list or sync', async () => {
    const { ada, eve, chatId, id } = await group();
    const host = await Host.of(test);
    await host.post(`/server/chats/${chatId}/members`, { members: [String(eve.id)], history_from: 'now' });
    const eves = await Socket.of(eve);
    await pin(ada, id);
    await ada.send(chatId, 'later');
    const types = (await eves.rest()).map(({ type }) => type);
    expect(types).toContain('chat.advanced');
    expect(types).not.toContain('message.updated');
    expect(await pinsOf(eve, chatId)).toEqual([]);
    expectError(await pin(eve, id), 404, 'MESSAGE_DOES_NOT_EXIST');
  });
});
