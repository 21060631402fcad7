import { describe, expect, it } from 'vitest';
import { RIGHTS_IN_PRIVATE, RIGHTS_OF_ROLES } from '../../../src/shared/rights.js';
import { useApp } from '../../support/app.js';
import { expectError, register, registerMany, type Person } from '../../support/client.js';

const test = useApp();

const NOBODY = 2_000_000_000;

/** What a new group is to its creator. */
const PLAIN = {
  ...{
    description: null,
    frozen_at: null,
    slow_mode_seconds: 0,
    disappear_after_seconds: 0,
    history_from_now: false,
    no_forward: false,
    public: false,
  },
  member_rights: RIGHTS_OF_ROLES.member,
  ...{ own_role: 'owner', own_rights: RIGHTS_OF_ROLES.owner },
};

const PRIVATE = {
  ...{ ...PLAIN, own_role: 'member' },
  ...{ member_rights: RIGHTS_IN_PRIVATE, own_rights: RIGHTS_IN_PRIVATE },
};

const short = ({ shown }: Person) => shown;

async function expectCreationEvent(chatId: number, creator: Person): Promise<void> {
  const chat = await test.db.chat.findUniqueOrThrow({ where: { id: BigInt(chatId) }, include: { events: true } });
  expect(chat.last_pts).toBe(1n);
  expect(chat.events).toMatchObject([{ pts: 1n, type: 'chat.created', actor_id: BigInt(creator.id) }]);
}

describe('POST /chat/private/create', () => {
  it('opens a chat that both see at once', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const { status, body } = await ada.post('/chat/private/create', { with_user_id: bob.id });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(Number),
      created_at: expect.any(String),
      updated_at: body.created_at,
      name: null,
      type: 'private',
      last_message: null,
      pts: 1,
      last_read_message_id: null,
      unread_count: 0,
      unread_mentions: 0,
      ...{ marked_unread: false, notifications: 'default' },
      ...{ draft: null, draft_reply_to_id: null, draft_revision: 0 },
      muted_until: null,
      pinned: false,
      archived: false,
      ...PRIVATE,
      ...{ key: null, avatar_url: null, custom: {}, trusted: {}, private: {} },
      peer: short(bob),
      participant_count: 2,
      participants: [short(ada), short(bob)],
    });
    for (const [person, peer] of [
      [ada, short(bob)],
      [bob, short(ada)],
    ] as const) {
      expect((await person.get(`/chat/${body.id}`)).body).toEqual({ ...body, peer });
      expect((await person.get('/user/chats')).body.chats).toMatchObject([{ id: body.id }]);
    }
    await expectCreationEvent(body.id, ada);
  });

  it('names the creator first, also when their id is the higher', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const { body } = await bob.post('/chat/private/create', { with_user_id: ada.id });
    expect(body.participants).toEqual([short(bob), short(ada)]);
  });

  it('refuses a second one, whichever side asks, and names the first', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const chat_id = await ada.openPrivate(bob);
    expectError(await ada.post('/chat/private/create', { with_user_id: bob.id }), 403, 'CHAT_EXISTS', { chat_id });
    expectError(await bob.post('/chat/private/create', { with_user_id: ada.id }), 403, 'CHAT_EXISTS', { chat_id });
  });

  it('opens one when both sides ask at the same instant, again and again', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2
          ? ada.post('/chat/private/create', { with_user_id: bob.id })
          : bob.post('/chat/private/create', { with_user_id: ada.id }),
      ),
    );
    const [winner, ...losers] = answers.sort((a, b) => a.status - b.status);
    expect(winner?.status).toBe(200);
    for (const loser of losers) expectError(loser, 403, 'CHAT_EXISTS', { chat_id: winner?.body.id });
    expect((await ada.get('/user/chats')).body.count).toBe(1);
  });

  it('leaves a third one out', async () => {
    const [ada, bob, eve] = [await register(test), await register(test), await register(test)];
    const chatId = await ada.openPrivate(bob);
    expectError(await eve.get(`/chat/${chatId}`), 404, 'CHAT_DOES_NOT_EXIST');
    expect((await eve.get('/user/chats')).body).toEqual({
      next: null,
      has_more: false,
      count: 0,
      chats: [],
    });
  });

  it('refuses a chat with oneself, and one with nobody', async () => {
    const ada = await register(test);
    expectError(await ada.post('/chat/private/create', { with_user_id: ada.id }), 400, 'CHAT_WITH_YOURSELF', {
      errors: { with_user_id: expect.any(String) },
    });
    expectError(await ada.post('/chat/private/create', { with_user_id: NOBODY }), 400, 'USER_NOT_EXISTS', {
      errors: { with_user_id: expect.any(String) },
    });
  });

  it.each(['5', 0, -1, 1.5, 2 ** 53, null, [1], undefined])('refuses %j for an id', async (with_user_id) => {
    const ada = await register(test);
    expectError(await ada.post('/chat/private/create', { with_user_id }), 422, 'VALIDATION_ERROR', {
      errors: { with_user_id: expect.any(String) },
    });
  });
});

describe('POST /chat/group/create', () => {
  it('opens a group, with the creator first and then those invited in their order', async () => {
    const [ada, bob, eve] = [await register(test), await register(test), await register(test)];
    const { status, body } = await ada.post('/chat/group/create', { with_ids: [eve.id, bob.id], name: 'Engines' });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(Number),
      created_at: expect.any(String),
      updated_at: body.created_at,
      name: 'Engines',
      type: 'group',
      last_message: null,
      pts: 1,
      last_read_message_id: null,
      unread_count: 0,
      unread_mentions: 0,
      ...{ marked_unread: false, notifications: 'default' },
      ...{ draft: null, draft_reply_to_id: null, draft_revision: 0 },
      muted_until: null,
      pinned: false,
      archived: false,
      ...PLAIN,
      ...{ key: null, avatar_url: null, custom: {}, trusted: {}, private: {} },
      peer: null,
      participant_count: 3,
      participants: [short(ada), short(eve), short(bob)],
    });
    for (const person of [ada, bob, eve]) {
      expect((await person.get('/user/chats')).body.chats).toMatchObject([{ id: body.id, name: 'Engines' }]);
    }
    await expectCreationEvent(body.id, ada);
  });

  it('counts an id once that is given twice', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const { body } = await ada.post('/chat/group/create', { with_ids: [bob.id, bob.id], name: 'Two' });
    expect(body.participants).toEqual([short(ada), short(bob)]);
  });

  it('opens as many groups of the same people as they like', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    expect(await ada.openGroup([bob], 'same')).not.toBe(await ada.openGroup([bob], 'same'));
  });

  it('takes a name of 255 characters of any script', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const name = '🙂'.repeat(255);
    const { body } = await ada.post('/chat/group/create', { with_ids: [bob.id], name });
    expect(body.name).toBe(name);
  });

  it('opens one for hundreds', async () => {
    const ada = await register(test);
    const rows = Array.from({ length: 1200 }, (_, index) => {
      const username = `many_${ada.id}_${index}`;
      return { username, email: `${username}@example.com`, password: '$argon2id$' };
    });
    const others = await test.db.user.createManyAndReturn({ data: rows, select: { id: true } });
    const with_ids = others.map(({ id }) => Number(id));
    const { status, body } = await ada.post('/chat/group/create', { with_ids, name: 'Many' });
    expect(status).toBe(200);
    expect(body.participants.map(({ id }: { id: number }) => id)).toEqual([ada.id, ...with_ids]);
  });

  it('refuses oneself and nobody, and then opens nothing', async () => {
    const [ada, bob] = await registerMany(test, 2);
    const post = (with_ids: unknown[]) => ada!.post('/chat/group/create', { with_ids, name: 'No' });
    expectError(await post([bob!.id, ada!.id]), 400, 'CHAT_WITH_YOURSELF', {
      errors: { with_ids: expect.any(String) },
    });
    expectError(await post([bob!.id, NOBODY]), 400, 'USER_NOT_EXISTS', { errors: { with_ids: expect.any(String) } });
    expect((await bob!.get('/user/chats')).body.count).toBe(0);
  });

  it.each([
    ['with_ids', { with_ids: [], name: 'x' }],
    ['with_ids', { with_ids: ['5'], name: 'x' }],
    ['with_ids', { with_ids: 5, name: 'x' }],
    ['with_ids', { with_ids: Array.from({ length: 10_001 }, (_, index) => index + 1), name: 'x' }],
    ['with_ids', { name: 'x' }],
    ['name', { with_ids: [5] }],
    ['name', { with_ids: [5], name: null }],
    ['name', { with_ids: [5], name: 'x'.repeat(256) }],
    ['name', { with_ids: [5], name: '\0' }],
    ['extra', { with_ids: [5], name: 'x', extra: 1 }],
  ])('refuses a wrong %s', async (field, body) => {
    const ada = await register(test);
    expectError(await ada.post('/chat/group/create', body), 422, 'VALIDATION_ERROR', {
      errors: { [field]: expect.any(String) },
    });
  });
});
