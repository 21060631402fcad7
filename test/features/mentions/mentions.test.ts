import { describe, expect, it } from 'vitest';
import { expectError, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

interface World {
  /** Who has opened the group. */
  readonly ada: Person;
  readonly bob: Person;
  readonly cyd: Person;
  /** Who is not in it. */
  readonly eve: Person;
  readonly chatId: number;
}

async function group(): Promise<World> {
  const [ada, bob, cyd, eve] = (await registerMany(test, 4)) as [Person, Person, Person, Person];
  return { ada, bob, cyd, eve, chatId: await ada.openGroup([bob, cyd]) };
}

const name = (person: Person, chatId: number, mentions: unknown, more: object = {}) =>
  person.post(`/chat/${chatId}/message`, { contents: 'look', mentions, ...more });

const edit = (person: Person, id: number, mentions: unknown, contents = 'look') =>
  person.patch(`/message/${id}`, { contents, mentions });

/** By the list, by the chat, and by a sync. */
async function unreadMentions(person: Person, chatId: number): Promise<number> {
  const { body: list } = await person.get('/user/chats');
  const { epoch } = (await person.post('/sync', { epoch: null, chats: {} })).body;
  const { body: sync } = await person.post('/sync', { epoch, chats: { [chatId]: 1 } });
  const counts = [
    list.chats.find(({ id }: { id: number }) => id === chatId).unread_mentions,
    (await person.get(`/chat/${chatId}`)).body.unread_mentions,
    sync.chats[0].unread_mentions,
  ];
  expect(new Set(counts).size).toBe(1);
  return counts[0] as number;
}

const badge = async (person: Person) => (await person.get('/user/badge')).body.mentions;

const only = (...people: Person[]) => ({ user_ids: people.map(({ id }) => id), roles: [], all: false });

describe('a send that names people', () => {
  it('names those who are in the chat, and not its author', async () => {
    const { ada, bob, cyd, eve, chatId } = await group();
    const socket = await Socket.of(bob);
    const { status, body } = await name(ada, chatId, { user_ids: [eve.id, cyd.id, ada.id, bob.id, bob.id, 2 ** 40] });
    const mentions = { ...only(), user_ids: [bob.id, cyd.id].sort((a, b) => a - b) };
    expect([status, body]).toMatchObject([200, { mentions }]);
    expect((await socket.take('message.created')).data).toMatchObject({ mentions });
    expect((await bob.get(`/chat/${chatId}/messages`)).body.messages[0].mentions).toEqual(mentions);
    expect((await bob.get(`/message/${body.id}`)).body.mentions).toEqual(mentions);
    expect(await unreadMentions(bob, chatId)).toBe(1);
    expect(await unreadMentions(ada, chatId)).toBe(0);
    expect(await badge(cyd)).toBe(1);
  });

  it('has no mentions when nobody is left, and plain ones have none', async () => {
    const { ada, bob, eve, chatId } = await group();
    for (const mentions of [{ user_ids: [eve.id, ada.id] }, {}, { user_ids: [], roles: [], all: false }]) {
      expect((await name(ada, chatId, mentions)).body).not.toHaveProperty('mentions');
    }
    expect(await ada.send(chatId, `@${bob.username}`)).not.toHaveProperty('mentions');
    expect(await unreadMentions(bob, chatId)).toBe(0);
  });

  it('tells an outsider nothing, and finds nobody for them', async () => {
    const { bob, eve, chatId } = await group();
    expectError(await name(eve, chatId, { user_ids: [bob.id] }), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await name(eve, chatId, { all: true }), 404, 'CHAT_DOES_NOT_EXIST');
    expect(await badge(bob)).toBe(0);
  });

  it('counts once, however it names somebody, and however often it is sent', async () => {
    const { ada, bob, chatId } = await group();
    await ada.patch(`/chat/${chatId}/participants/${bob.id}`, { role: 'moderator' });
    const mentions = { user_ids: [bob.id], roles: ['moderator'], all: true };
    const answers = await Promise.all([1, 2, 3].map(() => name(ada, chatId, mentions, { client_id: 'once' })));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers[0]!.body.mentions).toEqual(mentions);
    expect(await unreadMentions(bob, chatId)).toBe(1);
  });

  it('works over a socket', async () => {
    const { ada, bob, chatId } = await group();
    const socket = await Socket.of(ada);
    const frame = { type: 'send', chat_id: chatId, contents: 'look', client_id: 'x' };
    const refused = await socket.ask({ ...frame, mentions: { roles: ['member'] } });
    expect(refused).toMatchObject({ type: 'error' });
    expect(await socket.ask({ ...frame, mentions: { user_ids: [bob.id] } })).toMatchObject({
      data: { mentions: only(bob) },
    });
  });

  it.each([
    { user_ids: Array.from({ length: 101 }, (_, index) => index + 1) },
    { user_ids: ['5'] },
    { user_ids: [0] },
    { roles: ['member'] },
    { all: 'yes' },
    { here: true },
    [5],
    null,
  ])('refuses %j', async (mentions) => {
    const { ada, chatId } = await group();
    expect(await name(ada, chatId, mentions)).toMatchObject({
      status: 422,
      body: { details: { code: 'VALIDATION_ERROR' } },
    });
  });

  it('of the host application names members as well', async () => {
    const { ada, bob, eve, chatId } = await group();
    const host = await Host.of(test);
    const body = { contents: 'look', mentions: { user_ids: [bob.id, eve.id] } };
    const { body: sent } = await host.post(`/server/chats/${chatId}/message`, body);
    expect(sent).toMatchObject({ mentions: only(bob) });
    await host.post(`/server/chats/${chatId}/message`, { contents: 'look', mentions: { all: true } });
    expect([await unreadMentions(bob, chatId), await unreadMentions(ada, chatId)]).toEqual([2, 1]);
    await host.post(`/server/chats/${chatId}/message`, { contents: 'x', mentions: { all: true }, silent: true });
    expect(await unreadMentions(bob, chatId)).toBe(2);
  });
});

describe('all at once', () => {
  it('needs the right, which a group may give to members', async () => {
    const { ada, bob, cyd, chatId } = await group();
    expectError(await name(bob, chatId, { all: true }), 403, 'RIGHT_MISSING');
    expect((await name(bob, chatId, { all: false })).status).toBe(200);
    expect((await name(ada, chatId, { all: true })).status).toBe(200);
    await ada.patch(`/chat/${chatId}`, { member_rights: ['send', 'mention_all'] });
    expect((await name(bob, chatId, { all: true })).body.mentions.all).toBe(true);
    expect([await unreadMentions(cyd, chatId), await unreadMentions(bob, chatId)]).toEqual([2, 1]);
  });

  it('is not for private chats', async () => {
    const { ada, bob } = await group();
    const chatId = await ada.openPrivate(bob);
    expectError(await name(ada, chatId, { all: true }), 403, 'RIGHT_MISSING');
    expect((await name(ada, chatId, { user_ids: [bob.id] })).body.mentions).toEqual(only(bob));
    expect(await unreadMentions(bob, chatId)).toBe(1);
  });

  it('is refused while the right is taken away, or sent before', async () => {
    const { ada, bob, cyd, chatId } = await group();
    await ada.patch(`/chat/${chatId}`, { member_rights: ['send', 'mention_all'] });
    const [, ...answers] = await Promise.all([
      ada.patch(`/chat/${chatId}`, { member_rights: ['send'] }),
      ...Array.from({ length: 5 }, () => name(bob, chatId, { all: true })),
    ]);
    const sent = answers.filter(({ status }) => status === 200).length;
    for (const answer of answers) if (answer.status !== 200) expectError(answer, 403, 'RIGHT_MISSING');
    expect(await unreadMentions(cyd, chatId)).toBe(sent);
    expectError(await name(bob, chatId, { all: true }), 403, 'RIGHT_MISSING');
  });
});

describe('a role', () => {
  it('stands for who has it now', async () => {
    const { ada, bob, cyd, chatId } = await group();
    await ada.patch(`/chat/${chatId}/participants/${cyd.id}`, { role: 'moderator' });
    const { body } = await name(bob, chatId, { roles: ['moderator', 'owner'] });
    expect(body.mentions).toEqual({ user_ids: [], roles: ['moderator', 'owner'], all: false });
    expect([await unreadMentions(ada, chatId), await unreadMentions(cyd, chatId)]).toEqual([1, 1]);
    await ada.patch(`/chat/${chatId}/participants/${cyd.id}`, { role: 'member' });
    expect(await unreadMentions(cyd, chatId)).toBe(0);
  });
});

describe('an edit', () => {
  it('names others anew, and leaves those who are named', async () => {
    const { ada, bob, cyd, chatId } = await group();
    const { id } = (await name(ada, chatId, { user_ids: [bob.id] })).body;
    await bob.post(`/chat/${chatId}/read`, { message_id: id });
    const socket = await Socket.of(cyd);
    const { body } = await edit(ada, id, { user_ids: [bob.id, cyd.id] });
    expect(body.mentions.user_ids).toHaveLength(2);
    expect(body).not.toHaveProperty('edited_at');
    expect((await socket.take('message.updated')).data).toMatchObject({ mentions: body.mentions });
    expect([await unreadMentions(bob, chatId), await unreadMentions(cyd, chatId)]).toEqual([0, 1]);
    await edit(ada, id, { user_ids: [bob.id] });
    expect(await unreadMentions(cyd, chatId)).toBe(0);
    expect((await edit(ada, id, {})).body).not.toHaveProperty('mentions');
  });

  it('without mentions leaves them, and with the same ones is none', async () => {
    const { ada, bob, cyd, chatId } = await group();
    const { id } = (await name(ada, chatId, { user_ids: [bob.id] })).body;
    const { body } = await ada.patch(`/message/${id}`, { contents: 'look here' });
    expect(body).toMatchObject({ mentions: only(bob), edited_at: body.updated_at });
    const same = await edit(ada, id, { user_ids: [bob.id] }, 'look here');
    expect(same.body.pts).toBe(body.pts);
    expect([await unreadMentions(bob, chatId), await unreadMentions(cyd, chatId)]).toEqual([1, 0]);
  });

  it('needs the right to name all when it newly does', async () => {
    const { ada, bob, cyd, chatId } = await group();
    await ada.patch(`/chat/${chatId}`, { member_rights: ['send', 'mention_all'] });
    const { id } = (await name(bob, chatId, { all: true })).body;
    const plain = await bob.send(chatId, 'plain');
    await ada.patch(`/chat/${chatId}`, { member_rights: ['send'] });
    expectError(await edit(bob, plain.id, { all: true }), 403, 'RIGHT_MISSING');
    expect((await bob.get(`/message/${plain.id}`)).body).not.toHaveProperty('mentions');
    expect((await edit(bob, id, { all: true }, 'once more')).status).toBe(200);
    expect(await unreadMentions(cyd, chatId)).toBe(1);
  });

  it('is not for another', async () => {
    const { ada, bob, eve, chatId } = await group();
    const { id } = (await name(ada, chatId, {})).body;
    expectError(await edit(bob, id, { user_ids: [ada.id] }), 403, 'NOT_THE_OWNER');
    expectError(await edit(eve, id, { user_ids: [ada.id] }), 404, 'MESSAGE_DOES_NOT_EXIST');
  });
});

describe('unread mentions', () => {
  it('end with a read, which says so on all devices', async () => {
    const { ada, bob, chatId } = await group();
    const first = (await name(ada, chatId, { user_ids: [bob.id] })).body;
    const second = (await name(ada, chatId, { user_ids: [bob.id] })).body;
    const socket = await Socket.of(bob);
    const { body } = await bob.post(`/chat/${chatId}/read`, { message_id: first.id });
    expect(body).toMatchObject({ unread_count: 1, unread_mentions: 1 });
    expect((await socket.take('chat.read_mark')).data).toEqual(body);
    await bob.post(`/chat/${chatId}/read`, { message_id: second.id });
    expect(await unreadMentions(bob, chatId)).toBe(0);
  });

  it('go with the message, and with the membership', async () => {
    const { ada, bob, cyd, chatId } = await group();
    const { id } = (await name(ada, chatId, { user_ids: [bob.id, cyd.id] })).body;
    await ada.delete(`/chat/${chatId}/participants/${cyd.id}`);
    expect(await badge(cyd)).toBe(0);
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [cyd.id] });
    expect(await unreadMentions(cyd, chatId)).toBe(0);
    await ada.delete(`/message/${id}`);
    expect(await unreadMentions(bob, chatId)).toBe(0);
    expect(await test.db.mention.count({ where: { message_id: BigInt(id) } })).toBe(0);
  });

  it('of a newcomer are those of what they see', async () => {
    const { ada, eve, chatId } = await group();
    await ada.patch(`/chat/${chatId}`, { history_from_now: true });
    const { id } = (await name(ada, chatId, { all: true })).body;
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    await edit(ada, id, { user_ids: [eve.id] });
    expect([await unreadMentions(eve, chatId), await badge(eve)]).toEqual([0, 0]);
    expectError(await eve.get(`/message/${id}`), 404, 'MESSAGE_DOES_NOT_EXIST');
    await name(ada, chatId, { all: true });
    expect(await unreadMentions(eve, chatId)).toBe(1);
  });

  it('count in the badge by the level of the chat, muted and archived ones apart', async () => {
    const { ada, bob, chatId } = await group();
    await name(ada, chatId, { user_ids: [bob.id] });
    const set = (settings: object) => bob.patch(`/chat/${chatId}/settings`, settings);
    await set({ notifications: 'mentions' });
    expect((await bob.get('/user/badge')).body).toEqual({ messages: 1, chats: 1, mentions: 1 });
    await set({ notifications: 'none' });
    expect(await badge(bob)).toBe(0);
    await set({ notifications: 'default' });
    await bob.patch('/user/me', { notifications: 'none' });
    expect(await badge(bob)).toBe(0);
    await bob.patch('/user/me', { notifications: 'mentions' });
    expect(await badge(bob)).toBe(1);
    await set({ muted_until: '2100-01-01T00:00:00.000Z' });
    expect([await badge(bob), await unreadMentions(bob, chatId)]).toEqual([0, 1]);
  });

  it('of somebody who is blocked count as what else they write', async () => {
    const { ada, bob, chatId } = await group();
    await bob.put(`/user/blocks/${ada.id}`);
    await name(ada, chatId, { user_ids: [bob.id] });
    expect((await bob.get(`/chat/${chatId}`)).body).toMatchObject({ unread_count: 1, unread_mentions: 1 });
  });

  it('stay while the author is erased, and go when what they wrote does', async () => {
    const { bob, cyd, chatId } = await group();
    await name(bob, chatId, { user_ids: [cyd.id] });
    expect(await unreadMentions(cyd, chatId)).toBe(1);
    const host = await Host.of(test);
    expect((await host.delete(`/server/users/${bob.id}?messages=purge`)).status).toBeLessThan(300);
    await expect.poll(() => unreadMentions(cyd, chatId), { timeout: 15_000 }).toBe(0);
  });

  it('leave nothing of a user who is erased', async () => {
    const { ada, bob, chatId } = await group();
    await name(ada, chatId, { user_ids: [bob.id] });
    const host = await Host.of(test);
    await host.delete(`/server/users/${bob.id}`);
    expect(await test.db.mention.count({ where: { whom: BigInt(bob.id) } })).toBe(0);
  });
});
