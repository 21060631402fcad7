import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { BLANK_TEXTS } from '../../support/blank-texts.js';
import { asRead, expectError, register, registerMany, type Person } from '../../support/client.js';

const test = useApp();

const NOBODY = 2_000_000_000;

const short = ({ shown }: Person) => shown;

async function group(): Promise<{ ada: Person; bob: Person; eve: Person; chatId: number }> {
  const [ada, bob, eve] = [await register(test), await register(test), await register(test)];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

describe('PATCH /chat/{chat_id}', () => {
  it('renames a group for each of its participants', async () => {
    const { ada, bob, chatId } = await group();
    const before = (await bob.get(`/chat/${chatId}`)).body;
    const { status, body } = await bob.patch(`/chat/${chatId}`, { name: 'Engines' });
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, name: 'Engines', pts: 2, updated_at: expect.any(String) });
    expect(Date.parse(body.updated_at)).toBeGreaterThanOrEqual(Date.parse(before.updated_at));
    const { own_role, own_rights, ...shared } = body;
    expect([own_role, own_rights]).toEqual(['member', body.member_rights]);
    expect((await ada.get(`/chat/${chatId}`)).body).toMatchObject(shared);
  });

  it('changes nothing when it has that name already', async () => {
    const { ada, chatId } = await group();
    await ada.patch(`/chat/${chatId}`, { name: 'Engines' });
    const before = (await ada.get(`/chat/${chatId}`)).body;
    expect(await ada.patch(`/chat/${chatId}`, { name: 'Engines' })).toMatchObject({ status: 200, body: before });
    expect((await ada.get(`/chat/${chatId}`)).body).toEqual(before);
    expect((await ada.patch(`/chat/${chatId}`, { name: 'engines' })).body.pts).toBe(3);
  });

  it.each(Object.entries(BLANK_TEXTS))(
    'refuses a name of nothing but %s, here and for a new group',
    async (_name, name) => {
      const { ada, bob, chatId } = await group();
      const errors = { name: expect.any(String) };
      expectError(await ada.patch(`/chat/${chatId}`, { name }), 422, 'VALIDATION_ERROR', { errors });
      const invitation = { with_ids: [bob.id], name };
      expectError(await ada.post('/chat/group/create', invitation), 422, 'VALIDATION_ERROR', { errors });
    },
  );

  it('is not for private chats, nor for outsiders', async () => {
    const { ada, bob, eve, chatId } = await group();
    const privateId = await ada.openPrivate(bob);
    expectError(await ada.patch(`/chat/${privateId}`, { name: 'x' }), 400, 'NOT_A_GROUP');
    expectError(await eve.patch(`/chat/${chatId}`, { name: 'x' }), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await eve.patch(`/chat/${NOBODY}`, { name: 'x' }), 404, 'CHAT_DOES_NOT_EXIST');
    for (const id of [privateId, chatId]) expect((await ada.get(`/chat/${id}`)).body.pts).toBe(1);
  });

  it.each([[null], [''], ['x'.repeat(256)], ['\0'], [5]])('refuses %j for a name', async (name) => {
    const { ada, chatId } = await group();
    expectError(await ada.patch(`/chat/${chatId}`, { name }), 422, 'VALIDATION_ERROR', {
      errors: { name: expect.any(String) },
    });
  });
});

describe('POST /chat/{chat_id}/participants', () => {
  it('adds users, who see all that was written and have nothing unread', async () => {
    const { ada, bob, eve, chatId } = await group();
    const message = await ada.send(chatId, 'before');
    const { status, body } = await bob.post(`/chat/${chatId}/participants`, { user_ids: [eve.id, eve.id] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: chatId, pts: 3, participants: [short(ada), short(bob), short(eve)] });
    expect(body.participant_count).toBe(3);
    expect((await eve.get(`/chat/${chatId}`)).body).toMatchObject({
      pts: 3,
      last_read_message_id: message.id,
      unread_count: 0,
    });
    expect((await eve.get(`/chat/${chatId}/messages`)).body.messages).toEqual([asRead(message)]);
    await ada.send(chatId, 'after');
    expect((await eve.get(`/chat/${chatId}`)).body.unread_count).toBe(1);
  });

  it('leaves participants as they are', async () => {
    const { ada, bob, eve, chatId } = await group();
    await ada.send(chatId, 'unread');
    const { status, body } = await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id, eve.id, ada.id] });
    expect(status).toBe(200);
    expect(body.participants).toEqual([short(ada), short(bob), short(eve)]);
    expect((await bob.get(`/chat/${chatId}`)).body.unread_count).toBe(1);
  });

  it('changes nothing when they all take part already', async () => {
    const { ada, bob, chatId } = await group();
    expect((await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] })).body.pts).toBe(1);
  });

  it('refuses nobody, private chats and outsiders, and then adds nobody', async () => {
    const { ada, bob, eve, chatId } = await group();
    const privateId = await ada.openPrivate(bob);
    const add = (person: Person, id: number, user_ids: number[]) =>
      person.post(`/chat/${id}/participants`, { user_ids });
    expectError(await add(ada, chatId, [eve.id, NOBODY]), 400, 'USER_NOT_EXISTS', {
      errors: { user_ids: expect.any(String) },
    });
    expectError(await add(ada, privateId, [eve.id]), 400, 'NOT_A_GROUP');
    expectError(await add(eve, chatId, [eve.id]), 404, 'CHAT_DOES_NOT_EXIST');
    expect((await eve.get('/user/chats')).body.count).toBe(0);
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(1);
  });

  it.each([[[]], [['5']], [5], [[0]], [Array.from({ length: 501 }, (_, index) => index + 1)], [undefined]])(
    'refuses %j for ids',
    async (user_ids) => {
      const { ada, chatId } = await group();
      expectError(await ada.post(`/chat/${chatId}/participants`, { user_ids }), 422, 'VALIDATION_ERROR', {
        errors: { user_ids: expect.any(String) },
      });
    },
  );
});

describe('DELETE /chat/{chat_id}/participants/{user_id}', () => {
  const remove = (person: Person, chatId: number, userId: number) =>
    person.delete(`/chat/${chatId}/participants/${userId}`);

  it('lets everyone leave', async () => {
    const { ada, bob, chatId } = await group();
    const message = await bob.send(chatId, 'bye');
    expect(await remove(bob, chatId, bob.id)).toMatchObject({ status: 200, body: { success: true } });
    expectError(await bob.get(`/chat/${chatId}`), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await bob.get(`/chat/${chatId}/messages`), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await bob.post(`/chat/${chatId}/message`, { contents: 'x' }), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await remove(bob, chatId, bob.id), 404, 'CHAT_DOES_NOT_EXIST');
    expect((await bob.get('/user/chats')).body.count).toBe(0);
    expect((await ada.get(`/chat/${chatId}`)).body).toMatchObject({
      pts: 3,
      participants: [short(ada)],
      last_message: asRead(message),
    });
  });

  it('lets the creator remove others, and nobody else', async () => {
    const { ada, bob, eve, chatId } = await group();
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    expectError(await remove(bob, chatId, eve.id), 403, 'NOT_THE_CREATOR');
    expectError(await remove(bob, chatId, ada.id), 403, 'NOT_THE_CREATOR');
    expect((await remove(ada, chatId, eve.id)).status).toBe(200);
    expectError(await eve.get(`/chat/${chatId}`), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await remove(ada, chatId, eve.id), 404, 'PARTICIPANT_DOES_NOT_EXIST');
    expectError(await remove(ada, chatId, NOBODY), 404, 'PARTICIPANT_DOES_NOT_EXIST');
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(3);
  });

  it('makes the longest-standing member the owner when the owner leaves, again and again', async () => {
    const people = await registerMany(test, 5);
    const [ada, bob, eve, dan, kim] = people as [Person, Person, Person, Person, Person];
    // The order of joining counts, not that of the ids.
    const chatId = await ada.openGroup([kim, bob, eve]);
    await kim.post(`/chat/${chatId}/participants`, { user_ids: [dan.id] });
    await remove(ada, chatId, ada.id);
    for (const person of [bob, eve, dan]) expectError(await remove(person, chatId, kim.id), 403, 'NOT_THE_CREATOR');
    expect((await remove(kim, chatId, bob.id)).status).toBe(200);
    await remove(kim, chatId, kim.id);
    expectError(await remove(dan, chatId, eve.id), 403, 'NOT_THE_CREATOR');
    expect((await remove(eve, chatId, dan.id)).status).toBe(200);
    expect((await eve.get(`/chat/${chatId}`)).body.participants).toEqual([short(eve)]);
  });

  it('leaves the owner the owner when others go, and a creator who comes back a member', async () => {
    const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
    const chatId = await ada.openGroup([bob, eve]);
    await remove(eve, chatId, eve.id);
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    expectError(await remove(bob, chatId, eve.id), 403, 'NOT_THE_CREATOR');
    await remove(ada, chatId, ada.id);
    await bob.post(`/chat/${chatId}/participants`, { user_ids: [ada.id] });
    expectError(await remove(ada, chatId, eve.id), 403, 'NOT_THE_CREATOR');
    expectError(await remove(ada, chatId, bob.id), 403, 'NOT_THE_CREATOR');
    expect((await bob.get(`/chat/${chatId}`)).body.participants).toEqual([short(ada), short(bob), short(eve)]);
    expect((await remove(bob, chatId, ada.id)).status).toBe(200);
  });

  it('lets the last one leave', async () => {
    const { ada, bob, chatId } = await group();
    await remove(ada, chatId, ada.id);
    expect((await remove(bob, chatId, bob.id)).status).toBe(200);
    expect((await test.db.chat.findUniqueOrThrow({ where: { id: BigInt(chatId) } })).participant_count).toBe(0);
  });

  it('leaves one owner, the longest-standing participant, while others leave and are removed at once', async () => {
    const people = (await registerMany(test, 8)) as [Person, ...Person[]];
    const chatId = await people[0].openGroup(people.slice(1));
    const answers = await Promise.all([
      ...people.slice(0, 4).map((person) => remove(person, chatId, person.id)),
      ...people.slice(0, 5).map((person) => remove(person, chatId, people[6]!.id)),
    ]);
    for (const { status } of answers) expect([200, 403, 404]).toContain(status);
    const left = await test.db.chatParticipant.findMany({
      where: { chat_id: BigInt(chatId) },
      orderBy: { joined_order: 'asc' },
    });
    expect(left.map(({ role }) => role)).toEqual(['owner', ...left.slice(1).map(() => 'member')]);
    expect(Number(left[0]!.user_id)).toBe(people[4]!.id);
  });

  it('can be undone', async () => {
    const { ada, bob, chatId } = await group();
    await remove(ada, chatId, bob.id);
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    expect((await bob.get(`/chat/${chatId}`)).body).toMatchObject({ pts: 3, participants: [short(ada), short(bob)] });
  });

  it('is not for private chats, nor for outsiders', async () => {
    const { ada, bob, eve, chatId } = await group();
    expectError(await remove(ada, await ada.openPrivate(bob), ada.id), 400, 'NOT_A_GROUP');
    expectError(await remove(eve, chatId, eve.id), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('happens once when it is asked for many times at once', async () => {
    const { ada, bob, chatId } = await group();
    const answers = await Promise.all(Array.from({ length: 8 }, () => remove(ada, chatId, bob.id)));
    const [winner, ...losers] = answers.sort((a, b) => a.status - b.status);
    expect(winner?.status).toBe(200);
    for (const loser of losers) expectError(loser, 404, 'PARTICIPANT_DOES_NOT_EXIST');
    expect((await ada.get(`/chat/${chatId}`)).body.pts).toBe(2);
  });
});
