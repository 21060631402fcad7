import { describe, expect, it } from 'vitest';
import { Socket, useServer } from '../../support/socket.js';
import { expectError, register, registerMany, type Person } from '../../support/client.js';

const test = useServer();

const short = ({ shown }: Person) => shown;
const asMember = ({ shown }: Person) => ({ ...shown, role: 'member' });
/** The first has opened the group. */
const withRole = ({ shown }: Person, place: number) => ({ ...shown, role: place === 0 ? 'owner' : 'member' });

async function crowd(size: number): Promise<{ people: Person[]; creator: Person; chatId: number }> {
  const people = await registerMany(test, size);
  const [creator, ...others] = people as [Person, ...Person[]];
  return { people, creator, chatId: await creator.openGroup(others) };
}

/** Every page after another, as a client reads them. */
async function allPages(reader: Person, chatId: number, limit: number): Promise<unknown[]> {
  const participants: unknown[] = [];
  for (let cursor = ''; ;) {
    const { status, body } = await reader.get(`/chat/${chatId}/participants?limit=${limit}${cursor}`);
    expect(status).toBe(200);
    expect(body.count).toBe(body.participants.length);
    participants.push(...body.participants);
    if (!body.has_more) return participants;
    expect(body.count).toBe(limit);
    cursor = `&cursor=${encodeURIComponent(body.next)}`;
  }
}

describe('the people of a chat, wherever it is shown', () => {
  it('are the peer of a private chat, as each side sees it, and a number', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await bob.openPrivate(ada);
    for (const [reader, other] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      const expected = { id: chatId, peer: short(other), participant_count: 2 };
      expect((await reader.get('/user/chats')).body.chats).toMatchObject([expected]);
      expect((await reader.get(`/chat/${chatId}`)).body).toMatchObject(expected);
      const { body } = await reader.post('/sync', { epoch: null, chats: {} });
      expect(body.joined).toMatchObject([expected]);
    }
  });

  it('are no peer but a number in a group, also in one of two', async () => {
    const { people, creator, chatId } = await crowd(2);
    const others = await registerMany(test, 3);
    const expectCount = async (participant_count: number) => {
      const expected = { id: chatId, peer: null, participant_count };
      expect((await creator.get('/user/chats')).body.chats).toMatchObject([expected]);
      expect((await creator.get(`/chat/${chatId}`)).body).toMatchObject(expected);
      expect((await creator.post('/sync', { epoch: null, chats: {} })).body.joined).toMatchObject([expected]);
    };
    await expectCount(2);
    const user_ids = others.map(({ id }) => id);
    const added = await creator.post(`/chat/${chatId}/participants`, { user_ids: [...user_ids, people[1]!.id] });
    expect(added.body.participant_count).toBe(5);
    await expectCount(5);
    await others[0]!.delete(`/chat/${chatId}/participants/${others[0]!.id}`);
    await expectCount(4);
    await creator.delete(`/chat/${chatId}/participants/${others[0]!.id}`);
    await expectCount(4);
  });

  it('stay right when many are added, removed and leave at once', async () => {
    const { people, creator, chatId } = await crowd(6);
    const newcomers = await registerMany(test, 6);
    await Promise.all([
      ...newcomers.map(({ id }) => creator.post(`/chat/${chatId}/participants`, { user_ids: [id, newcomers[0]!.id] })),
      ...people.slice(1, 4).map((person) => person.delete(`/chat/${chatId}/participants/${person.id}`)),
      ...people.slice(3, 6).map(({ id }) => creator.delete(`/chat/${chatId}/participants/${id}`)),
    ]);
    const { participants, participant_count } = (await creator.get(`/chat/${chatId}`)).body;
    expect(participants.length).toBe(7);
    expect(participant_count).toBe(7);
  });

  it('is told to each by chat.created', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const live = [await Socket.of(ada), await Socket.of(bob)] as const;
    await ada.openPrivate(bob);
    expect(await live[0].take('chat.created')).toMatchObject({ data: { peer: short(bob), participant_count: 2 } });
    expect(await live[1].take('chat.created')).toMatchObject({ data: { peer: short(ada), participant_count: 2 } });
  });
});

describe('GET /chat/{chat_id}?participants=', () => {
  it('names so many, the creator first and then in order of joining', async () => {
    const { people, creator, chatId } = await crowd(5);
    for (const [count, named] of [
      [0, 0],
      [1, 1],
      [3, 3],
      [5, 5],
      [6, 5],
      [2_147_483_647, 5],
    ] as const) {
      const { status, body } = await people[3]!.get(`/chat/${chatId}?participants=${count}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ participant_count: 5, participants: people.slice(0, named).map(short) });
    }
    // Who created it stays first, also after having been away.
    await creator.delete(`/chat/${chatId}/participants/${creator.id}`);
    await people[1]!.post(`/chat/${chatId}/participants`, { user_ids: [creator.id] });
    const { body } = await people[3]!.get(`/chat/${chatId}?participants=2`);
    expect(body.participants).toEqual([short(creator), short(people[1]!)]);
  });

  it('names as many in the answers of requests that change a group, and tells newcomers of everybody', async () => {
    const { people, creator, chatId } = await crowd(3);
    const newcomer = await register(test);
    const device = await Socket.of(newcomer);
    const added = await creator.post(`/chat/${chatId}/participants?participants=1`, { user_ids: [newcomer.id] });
    expect(added).toMatchObject({ status: 200, body: { participant_count: 4, participants: [short(creator)] } });
    const { data } = await device.take('chat.created');
    expect(data.participants).toEqual([...people, newcomer].map(short));
    const changed = await creator.patch(`/chat/${chatId}?participants=0`, { name: 'renamed' });
    expect(changed.body).toMatchObject({ name: 'renamed', participant_count: 4, participants: [] });
    expect((await creator.patch(`/chat/${chatId}`, { name: 'again' })).body.participants).toHaveLength(4);
    const url = `/chat/${chatId}/participants?participants=-1`;
    expectError(await creator.post(url, { user_ids: [newcomer.id] }), 422, 'VALIDATION_ERROR', {
      errors: { participants: 'must be >= 0' },
    });
  });

  it.each(['-1', '1.5', 'all', '', '9007199254740992', '1&participants=2'])('refuses %s', async (count) => {
    const { creator, chatId } = await crowd(2);
    expectError(await creator.get(`/chat/${chatId}?participants=${count}`), 422, 'VALIDATION_ERROR', {
      errors: { participants: expect.any(String) },
    });
  });
});

describe('GET /chat/{chat_id}/participants', () => {
  it('has every participant once, in order of joining, for pages of every size', async () => {
    const { people, creator, chatId } = await crowd(7);
    for (const limit of [1, 2, 3, 7, 8, 500]) {
      expect(await allPages(creator, chatId, limit)).toEqual(people.map(withRole));
    }
    const whole = await creator.get(`/chat/${chatId}/participants`);
    expect(whole.body).toEqual({
      next: expect.any(String),
      has_more: false,
      count: 7,
      participants: people.map(withRole),
    });
    const { body } = await creator.get(`/chat/${chatId}/participants?cursor=${whole.body.next}`);
    expect(body).toEqual({ next: null, has_more: false, count: 0, participants: [] });
  });

  it('neither skips nor repeats a participant when others come and go between pages', async () => {
    const { people, creator, chatId } = await crowd(6);
    const [newcomer] = (await registerMany(test, 1)) as [Person];
    const first = (await creator.get(`/chat/${chatId}/participants?limit=3`)).body;
    await creator.delete(`/chat/${chatId}/participants/${people[2]!.id}`);
    await creator.delete(`/chat/${chatId}/participants/${people[3]!.id}`);
    await creator.post(`/chat/${chatId}/participants`, { user_ids: [newcomer.id] });
    const second = (await creator.get(`/chat/${chatId}/participants?cursor=${first.next}`)).body;
    expect(second.participants).toEqual([people[4]!, people[5]!, newcomer].map(asMember));
  });

  it('is also for private chats', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    expect(await allPages(bob, await ada.openPrivate(bob), 1)).toEqual([ada, bob].map(asMember));
  });

  it('says the same of a chat of others as of one that is not there', async () => {
    const { creator, people, chatId } = await crowd(2);
    const eve = await register(test);
    const theirs = await eve.get(`/chat/${chatId}/participants`);
    const none = await eve.get('/chat/2000000000/participants');
    expectError(theirs, 404, 'CHAT_DOES_NOT_EXIST');
    expect({ ...theirs.body.details, request_id: '' }).toEqual({ ...none.body.details, request_id: '' });
    expect(Object.keys(theirs.headers)).toEqual(Object.keys(none.headers));
    await people[1]!.delete(`/chat/${chatId}/participants/${people[1]!.id}`);
    expectError(await people[1]!.get(`/chat/${chatId}/participants?cursor=5`), 404, 'CHAT_DOES_NOT_EXIST');
    expect((await creator.get(`/chat/${chatId}/participants`)).body.count).toBe(1);
  });

  it.each([
    'limit=0',
    'limit=501',
    'limit=x',
    'cursor=',
    'cursor=x',
    'cursor=-1',
    `cursor=${'9'.repeat(16)}`,
    'cursor=%00',
  ])('refuses %s', async (query) => {
    const { creator, chatId } = await crowd(2);
    const [field = ''] = query.split('=');
    expectError(await creator.get(`/chat/${chatId}/participants?${query}`), 422, 'VALIDATION_ERROR', {
      errors: { [field]: expect.any(String) },
    });
  });
});
