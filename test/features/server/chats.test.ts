import { describe, expect, it } from 'vitest';
import { RIGHTS_OF_ROLES } from '../../../src/shared/rights.js';
import { expectError, register, registerMany, uniqueName, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const idsOf = (people: readonly Person[]) => people.map(({ id }) => String(id));
const participantsOf = async (person: Person, chatId: number) =>
  (await person.get(`/chat/${chatId}`)).body.participants.map(({ id }: { id: number }) => id);

async function world() {
  const host = await Host.of(test);
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { host, ada, bob, eve, path: `/server/chats/key:${uniqueName()}` };
}

describe('PUT /server/chats/{chat}', () => {
  it('opens a group with its people, who see it at once', async () => {
    const { host, ada, bob, path } = await world();
    const bobs = await Socket.of(bob);
    const wanted = {
      ...{ name: 'Order 4711', avatar_url: 'https://example.com/o.png' },
      ...{ custom: { a: 1 }, trusted: { order: 4711 }, internal: { secret: 1 } },
    };
    const { status, body } = await host.put(path, { ...wanted, members: idsOf([ada, bob]) });
    expect(status).toBe(200);
    const key = path.replace('/server/chats/key:', '');
    expect(body).toEqual({
      outcome: 'created',
      chat: {
        ...{ ...wanted, id: expect.any(Number), type: 'group', key, pts: 1, participant_count: 2 },
        ...{ created_at: expect.any(String), updated_at: expect.any(String) },
        ...{ description: null, member_rights: RIGHTS_OF_ROLES.member, frozen_at: null, slow_mode_seconds: 0 },
        ...{ disappear_after_seconds: 0, no_forward: false, history_from_now: false, public: false },
      },
    });
    expect(await bobs.take('chat.advanced')).toMatchObject({ chat_id: body.chat.id, pts: 1 });
    const seen = (await ada.get(`/chat/${body.chat.id}`)).body;
    expect(seen).toMatchObject({ key, name: 'Order 4711', custom: { a: 1 }, trusted: { order: 4711 } });
    expect(seen).not.toHaveProperty('internal');
    expect(seen.participants).toEqual([ada.shown, bob.shown]);
    expect((await host.get(path)).body).toEqual(body.chat);
    expect((await host.get(`/server/chats/${body.chat.id}`)).body).toEqual(body.chat);
  });

  it('opens one chat of many requests at once', async () => {
    const { host, ada, bob, path } = await world();
    const put = () => host.put(path, { members: idsOf([ada, bob]) });
    const answers = await Promise.all(Array.from({ length: 12 }, put));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(new Set(answers.map(({ body }) => body.chat.id)).size).toBe(1);
    expect(answers.filter(({ body }) => body.outcome === 'created')).toHaveLength(1);
    expect((await ada.get('/user/chats')).body.count).toBe(1);
  });

  it('brings the chat to what is given, and changes nothing when it is so', async () => {
    const { host, ada, bob, eve, path } = await world();
    const { chat } = (await host.put(path, { name: 'one', members: idsOf([ada, bob]) })).body;
    const adas = await Socket.of(ada);
    expect((await host.put(path, { name: 'one', members: idsOf([ada]) })).body).toEqual({ outcome: 'unchanged', chat });
    const changed = await host.put(path, { name: 'two', trusted: { a: 1 }, members: idsOf([eve]) });
    expect(changed.body).toMatchObject({
      outcome: 'updated',
      chat: { name: 'two', trusted: { a: 1 }, pts: 3, participant_count: 3 },
    });
    expect(await adas.take('chat.updated')).toMatchObject({ pts: 2, data: { name: 'two', trusted: { a: 1 } } });
    expect(await adas.take('participant.added')).toMatchObject({ pts: 3, data: { users: [eve.shown] } });
    const internal = await host.put(path, { internal: { x: 1 } });
    expect(internal.body).toMatchObject({ outcome: 'updated', chat: { internal: { x: 1 }, pts: 3 } });
    expect(await adas.rest()).toEqual([]);
  });

  it('makes somebody the owner, who may then remove others', async () => {
    const { host, ada, bob, path } = await world();
    const { chat } = (await host.put(path, { owner: String(ada.id), members: idsOf([ada, bob]) })).body;
    expect(await participantsOf(ada, chat.id)).toEqual([ada.id, bob.id]);
    expectError(await bob.delete(`/chat/${chat.id}/participants/${ada.id}`), 403, 'NOT_THE_CREATOR');
    expect((await ada.delete(`/chat/${chat.id}/participants/${bob.id}`)).status).toBe(200);
  });

  it('gives the private chat of two people the key', async () => {
    const { host, ada, bob, eve, path } = await world();
    const chatId = await ada.openPrivate(bob);
    const put = { type: 'private', members: idsOf([bob, ada]) };
    const { body } = await host.put(path, { ...put, trusted: { a: 1 } });
    expect(body.chat).toMatchObject({ id: chatId, type: 'private', trusted: { a: 1 } });
    expect((await bob.get(`/chat/${chatId}`)).body).toMatchObject({ peer: ada.shown, trusted: { a: 1 } });
    expectError(await host.put(`/server/chats/key:${uniqueName()}`, put), 409, 'CHAT_KEY_CONFLICT');
    const fresh = await host.put(`/server/chats/key:${uniqueName()}`, { type: 'private', members: idsOf([eve, ada]) });
    expect(fresh.body).toMatchObject({ outcome: 'created', chat: { type: 'private', participant_count: 2 } });
    expectError(await eve.post('/chat/private/create', { with_user_id: ada.id }), 403, 'CHAT_EXISTS', {
      chat_id: fresh.body.chat.id,
    });
  });

  it('refuses what can not be', async () => {
    const { host, ada, bob, path } = await world();
    const members = { errors: { members: expect.any(String) } };
    expectError(await host.put(path, { members: ['ext:nobody'] }), 400, 'USER_NOT_EXISTS', members);
    expectError(await host.get(path), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await host.put('/server/chats/2000000000', {}), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await host.put(path, { type: 'private', members: idsOf([ada]) }), 422, 'VALIDATION_ERROR', members);
    const named = { type: 'private', name: 'x', members: idsOf([ada, bob]) };
    expectError(await host.put(path, named), 400, 'NOT_A_GROUP');
  });
});

describe('POST /server/chats', () => {
  it('finds or opens the group of exactly these people', async () => {
    const { host, ada, bob, eve } = await world();
    await ada.openGroup([bob, eve]);
    const find = (people: readonly Person[]) => host.post('/server/chats', { members: idsOf(people) });
    const answers = await Promise.all(Array.from({ length: 8 }, () => find([eve, ada, bob])));
    const ids = new Set(answers.map(({ body }) => body.chat.id));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ body }) => body.outcome === 'created')).toHaveLength(1);
    const [id = 0] = ids;
    expect((await find([bob, eve, ada, ada])).body).toMatchObject({ outcome: 'unchanged', chat: { id } });
    expect((await find([ada, bob])).body).toMatchObject({ outcome: 'created', chat: { participant_count: 2 } });
    await eve.delete(`/chat/${id}/participants/${eve.id}`);
    const again = (await find([eve, ada, bob])).body;
    expect(again.outcome).toBe('created');
    expect(again.chat.id).not.toBe(id);
  });

  it('finds the private chat of two', async () => {
    const { host, ada, bob } = await world();
    const find = () => host.post('/server/chats', { type: 'private', members: idsOf([ada, bob]) });
    const answers = await Promise.all(Array.from({ length: 6 }, find));
    expect(new Set(answers.map(({ body }) => body.chat.id)).size).toBe(1);
  });
});

describe('members of a group', () => {
  it('join and go by hundreds, each once', { timeout: 60_000 }, async () => {
    const { host, ada, path } = await world();
    const { chat } = (await host.put(path, { members: idsOf([ada]) })).body;
    const adas = await Socket.of(ada);
    const names = Array.from({ length: 700 }, uniqueName);
    await test.db.user.createMany({ data: names.map((name) => ({ username: name, external_id: name })) });
    const members = names.map((name) => `ext:${name}`);
    const added = await host.post(`${path}/members`, { members: [...members, `ext:${names[0]}`, String(ada.id)] });
    expect(added.body).toEqual({ changed: 700, participant_count: 701 });
    const events = await adas.takeMany('participant.added', 2);
    expect(events.flatMap(({ data }) => data.users)).toHaveLength(700);
    expect((await host.post(`${path}/members`, { members: members.slice(0, 5) })).body.changed).toBe(0);
    const removed = await host.post(`${path}/members/remove`, { members: members.slice(0, 60) });
    expect(removed.body).toEqual({ changed: 60, participant_count: 641 });
    expect((await host.post(`${path}/members/remove`, { members: members.slice(0, 60) })).body.changed).toBe(0);
    await adas.takeMany('participant.removed', 60);
    expect((await ada.get(`/chat/${chat.id}?participants=0`)).body).toMatchObject({ pts: 63, participant_count: 641 });
  });

  it('hear nothing more once they are removed', async () => {
    const { host, ada, bob, path } = await world();
    const { chat } = (await host.put(path, { members: idsOf([ada, bob]) })).body;
    const bobs = await Socket.of(bob);
    await host.post(`${path}/members/remove`, { members: idsOf([bob]) });
    expect(await bobs.take('participant.removed')).toMatchObject({ data: { user_id: bob.id } });
    await ada.send(chat.id, 'without bob');
    expect(await bobs.rest()).toEqual([]);
    expectError(await bob.get(`/chat/${chat.id}`), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('are of groups alone', async () => {
    const { host, ada, bob, eve } = await world();
    const chatId = await ada.openPrivate(bob);
    for (const path of ['members', 'members/remove'])
      expectError(await host.post(`/server/chats/${chatId}/${path}`, { members: idsOf([eve]) }), 400, 'NOT_A_GROUP');
  });
});

describe('POST /server/chats/{chat}/message', () => {
  it('sends as the application, in order with the others, once under a client_id', async () => {
    const { host, ada, bob, path } = await world();
    const { chat } = (await host.put(path, { members: idsOf([ada, bob]) })).body;
    const bobs = await Socket.of(bob);
    await ada.send(chat.id, 'one');
    const client_id = uniqueName();
    const say = () => host.post(`${path}/message`, { contents: 'two', client_id });
    const answers = await Promise.all(Array.from({ length: 6 }, say));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(answers.filter(({ body }) => body.deduplicated !== true)).toHaveLength(1);
    const { id, author_id } = answers[0]!.body;
    await ada.send(chat.id, 'three');
    const page = (await bob.get(`/chat/${chat.id}/messages`)).body;
    expect(page.messages.map(({ contents }: { contents: string }) => contents)).toEqual(['one', 'two', 'three']);
    expect(page.authors).toMatchObject([ada.shown, { id: author_id }]);
    expect((await bobs.takeMany('message.created', 3)).map(({ pts }) => pts)).toEqual([2, 3, 4]);
    expect((await bob.get(`/chat/${chat.id}`)).body).toMatchObject({
      unread_count: 3,
      last_message: { contents: 'three' },
    });
    expectError(await host.post(`${path}/message`, { contents: 'other', client_id }), 409, 'CLIENT_ID_TAKEN');
    expect((await host.get(`/server/messages/${id}`)).body).toMatchObject({ id, contents: 'two', pts: 3 });
    expectError(await host.get('/server/messages/2000000000'), 404, 'MESSAGE_DOES_NOT_EXIST');
  });

  it('sends as a user, and says by which key', async () => {
    const { host, ada, bob, eve, path } = await world();
    const { chat } = (await host.put(path, { members: idsOf([ada, bob]) })).body;
    const say = (person: Person) => host.as(String(person.id), 'POST', `${path}/message`, { contents: 'hello' });
    const sent = await say(ada);
    expect(sent.body).toMatchObject({ author_id: ada.id, via_key_id: host.keyId });
    const [message] = (await bob.get(`/chat/${chat.id}/messages`)).body.messages;
    expect(message).toMatchObject({ id: sent.body.id, via_key_id: host.keyId });
    expectError(await say(eve), 404, 'CHAT_DOES_NOT_EXIST');
    expect(await ada.send(chat.id, 'by myself')).not.toHaveProperty('via_key_id');
    const forged = await ada.post(`/chat/${chat.id}/message`, { contents: 'x', via_key_id: host.keyId });
    expectError(forged, 422, 'VALIDATION_ERROR', { errors: { via_key_id: expect.any(String) } });
  });
});

describe('GET /server/chats/{chat}/messages', () => {
  it('reads any chat, as its participants do', async () => {
    const { host, ada, bob } = await world();
    const chatId = await ada.openPrivate(bob);
    for (const text of ['one', 'two', 'three']) await bob.send(chatId, text);
    for (const query of ['', '?limit=2', '?order=desc&limit=2', '?cursor=2000000000'])
      expect((await host.get(`/server/chats/${chatId}/messages${query}`)).body).toEqual(
        (await ada.get(`/chat/${chatId}/messages${query}`)).body,
      );
  });
});

it('no key opens what its scopes do not name', async () => {
  const { ada, path } = await world();
  const other = await Host.of(test, ['users:read', 'users:write', 'tokens:mint', 'act_as']);
  const scope = { errors: { scope: expect.any(String) } };
  const chatId = await ada.openPrivate(await register(test));
  for (const answer of [
    await other.put(path, {}),
    await other.post('/server/chats', { members: idsOf([ada]) }),
    await other.get(`/server/chats/${chatId}`),
    await other.get(`/server/chats/${chatId}/messages`),
    await other.get('/server/messages/1'),
    await other.post(`/server/chats/${chatId}/message`, { contents: 'x' }),
    await other.post(`/server/chats/${chatId}/members`, { members: idsOf([ada]) }),
    await other.post(`/server/chats/${chatId}/members/remove`, { members: idsOf([ada]) }),
  ])
    expectError(answer, 403, 'SCOPE_REQUIRED', scope);
});
