import { describe, expect, it } from 'vitest';
import { RIGHTS_OF_ROLES } from '../../../src/shared/rights.js';
import { useApp } from '../../support/app.js';
import { asRead, expectError, register, type Person } from '../../support/client.js';
import { insertMessages } from '../../support/insert-messages.js';

const test = useApp();

interface Change {
  readonly type: string;
  readonly pts: number;
  readonly data: Record<string, unknown>;
}
interface Sync {
  readonly epoch: string;
  readonly has_more: boolean;
  readonly joined: { id: number; pts: number }[];
  readonly left: number[];
  readonly chats: { chat_id: number; pts: number; has_more: boolean; too_long: boolean; changes: Change[] }[];
}

async function group(): Promise<{ ada: Person; bob: Person; eve: Person; chatId: number }> {
  const [ada, bob, eve] = [await register(test), await register(test), await register(test)];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

async function sync(
  person: Person,
  chats: Record<number, number>,
  { epoch = null, reads }: { epoch?: string | null; reads?: Record<number, number> } = {},
): Promise<Sync> {
  const { status, body } = await person.post('/sync', { epoch, chats, reads });
  expect(status).toBe(200);
  return body as Sync;
}

describe('POST /sync', () => {
  it('begins with every chat', async () => {
    const { ada, bob, chatId } = await group();
    const other = await ada.openPrivate(bob);
    const message = await ada.send(chatId, 'hello');
    const answer = await sync(bob, {});
    expect(answer).toEqual({
      epoch: expect.stringMatching(/^[0-9a-f-]{36}$/),
      has_more: false,
      joined: [expect.anything(), expect.anything()],
      left: [],
      chats: [],
    });
    const { chats } = (await bob.get('/user/chats')).body;
    expect(answer.joined).toEqual([...chats].sort((a: { id: number }, b: { id: number }) => a.id - b.id));
    expect(answer.joined).toMatchObject([
      { id: chatId, pts: 2, last_message: asRead(message), unread_count: 1 },
      { id: other, pts: 1, last_message: null },
    ]);
  });

  it('does not list a chat in which nothing has changed', async () => {
    const { ada, bob, chatId } = await group();
    const { pts } = await ada.send(chatId, 'hello');
    expect(await sync(bob, { [chatId]: pts })).toMatchObject({ joined: [], left: [], chats: [] });
  });

  it('brings each message once as it is now, and what is gone as gone', async () => {
    const { ada, bob, chatId } = await group();
    const [first, second, third] = [
      await ada.send(chatId, '1'),
      await bob.send(chatId, '2'),
      await ada.send(chatId, '3', 'a name'),
    ];
    await ada.patch(`/message/${first.id}`, { contents: 'i' });
    const { body: edited } = await ada.patch(`/message/${first.id}`, { contents: 'I' });
    await bob.delete(`/message/${second.id}`);
    const { chats } = await sync(bob, { [chatId]: 1 });
    expect(chats).toEqual([
      {
        chat_id: chatId,
        pts: 7,
        has_more: false,
        too_long: false,
        last_read_message_id: null,
        unread_count: 2,
        ...{ marked_unread: false, notifications: 'default' },
        ...{ draft: null, draft_reply_to_id: null, draft_revision: 0 },
        muted_until: null,
        pinned: false,
        archived: false,
        private: {},
        own_role: 'member',
        own_rights: [...RIGHTS_OF_ROLES.member],
        unread_mentions: 0,
        read_marks: [],
        changes: [
          { type: 'message.state', pts: 4, data: asRead(third) },
          { type: 'message.state', pts: 6, data: asRead(edited) },
          { type: 'message.deleted', pts: 7, data: { id: second.id } },
        ],
      },
    ]);
    expect((await sync(bob, { [chatId]: 5 })).chats[0]?.changes.map(({ pts }) => pts)).toEqual([6, 7]);
  });

  it('brings the changes of a group', async () => {
    const { ada, bob, eve, chatId } = await group();
    const { body: renamed } = await bob.patch(`/chat/${chatId}`, { name: 'Engines' });
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    const { chats } = await sync(ada, { [chatId]: 1 });
    expect(chats[0]?.changes).toEqual([
      {
        type: 'chat.updated',
        pts: 2,
        data: { name: 'Engines', updated_at: renamed.updated_at, actor_id: bob.id },
      },
      {
        type: 'participant.added',
        pts: 3,
        data: { users: [eve.shown], participant_count: 2, actor_id: ada.id },
      },
      { type: 'participant.removed', pts: 4, data: { user_id: bob.id, participant_count: 2, actor_id: ada.id } },
    ]);
  });

  it('does not tell a user of their removal once they have been added again', async () => {
    const { ada, bob, chatId } = await group();
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    const { id } = await ada.send(chatId, 'between');
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    const { left, chats } = await sync(bob, { [chatId]: 1 });
    expect(left).toEqual([]);
    expect(chats).toMatchObject([
      {
        pts: 4,
        changes: [
          { type: 'message.state', pts: 3, data: { id } },
          { type: 'participant.added', pts: 4 },
        ],
      },
    ]);
  });

  it('names the chats that were joined and left meanwhile', async () => {
    const { ada, bob, eve, chatId } = await group();
    const other = await ada.openGroup([eve]);
    await ada.post(`/chat/${other}/participants`, { user_ids: [bob.id] });
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    expect(await sync(bob, { [chatId]: 1 })).toMatchObject({
      joined: [{ id: other, pts: 2 }],
      left: [chatId],
      chats: [],
    });
  });

  it('says of a chat of others, as of one that is not there, that it was left', async () => {
    const { eve, chatId } = await group();
    const none = 2_000_000_000;
    const answer = await sync(eve, { [chatId]: 1, [none]: 1 });
    expect(answer.left.sort((a, b) => a - b)).toEqual([chatId, none]);
    expect(answer).toMatchObject({ joined: [], chats: [] });
  });

  it('begins anew in another epoch', async () => {
    const { ada, bob, chatId } = await group();
    await ada.send(chatId, 'hello');
    const { epoch } = await sync(bob, { [chatId]: 2 });
    expect(await sync(bob, { [chatId]: 2 }, { epoch })).toMatchObject({ epoch, joined: [], chats: [] });
    const answer = await sync(bob, { [chatId]: 2, 2000000000: 1 }, { epoch: 'another' });
    expect(answer).toMatchObject({ epoch, joined: [{ id: chatId, pts: 2 }], left: [], chats: [] });
  });

  it('has slices of 200 changes', async () => {
    const { ada, bob, chatId } = await group();
    await insertMessages(test, chatId, ada, 450);
    const seen: number[] = [];
    let pts = 1;
    for (const more of [true, true, false]) {
      const chat = (await sync(bob, { [chatId]: pts })).chats[0]!;
      expect(chat).toMatchObject({ has_more: more, too_long: false });
      expect(chat.pts).toBe(chat.changes.at(-1)?.pts);
      seen.push(...chat.changes.map((change) => change.pts));
      pts = chat.pts;
    }
    expect(seen).toEqual(Array.from({ length: 450 }, (_, index) => index + 2));
  });

  it('is too long after more than 1000 changes', async () => {
    const { ada, bob, chatId } = await group();
    await insertMessages(test, chatId, ada, 1001);
    expect((await sync(bob, { [chatId]: 1 })).chats).toMatchObject([
      { pts: 1002, too_long: true, has_more: false, changes: [] },
    ]);
    const { changes } = (await sync(bob, { [chatId]: 2 })).chats[0]!;
    expect(changes).toHaveLength(200);
  });

  it('is too long for somebody who is ahead of the chat', async () => {
    const { bob, chatId } = await group();
    expect((await sync(bob, { [chatId]: 9 })).chats).toMatchObject([{ pts: 1, too_long: true, changes: [] }]);
  });

  it('has 2000 changes of all chats, and more when it is asked again', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const known: Record<number, number> = {};
    for (let index = 0; index < 12; index++) {
      const chatId = await ada.openGroup([bob]);
      await insertMessages(test, chatId, ada, 250);
      known[chatId] = 1;
    }
    let count = 0;
    let rounds = 0;
    for (let more = true; more; rounds++) {
      const answer = await sync(bob, known);
      const changes = answer.chats.flatMap((chat) => chat.changes);
      expect(changes.length).toBeLessThanOrEqual(2000);
      count += changes.length;
      for (const chat of answer.chats) known[chat.chat_id] = chat.pts;
      more = answer.has_more || answer.chats.some((chat) => chat.has_more);
    }
    expect(count).toBe(12 * 250);
    expect(rounds).toBeLessThan(6);
  });

  it('has slices and answers of so many bytes, in which nothing is left out', async () => {
    const { ada, bob } = await group();
    const known: Record<number, number> = {};
    for (let count = 0; count < 6; count++) {
      const chatId = await ada.openGroup([bob]);
      // 2,000 letters of the kind that takes six in JSON.
      await insertMessages(test, chatId, ada, 60, '\u0001'.repeat(2000));
      known[chatId] = 1;
    }
    const seen = new Set<number>();
    for (let more = true; more;) {
      const answer = await sync(bob, known);
      expect(JSON.stringify(answer.chats).length).toBeLessThan(1024 * 1024);
      for (const { chat_id, pts, changes } of answer.chats) {
        for (const change of changes) seen.add(change.data.id as number);
        known[chat_id] = pts;
      }
      more = answer.has_more || answer.chats.some(({ has_more }) => has_more);
    }
    expect(seen.size).toBe(6 * 60);
  });

  it('has no more for somebody who claims to be ahead of a chat', async () => {
    const { ada, bob, chatId } = await group();
    const known: Record<number, number> = { [chatId]: Number.MAX_SAFE_INTEGER };
    for (let count = 0; count < 12; count++) {
      const id = await ada.openGroup([bob]);
      await insertMessages(test, id, ada, 300);
      known[id] = 1;
    }
    const { chats, has_more } = await sync(bob, known);
    expect(has_more).toBe(true);
    expect(chats.reduce((sum, { changes }) => sum + changes.length, 0)).toBeLessThanOrEqual(2000);
  });

  it('names the new chats piece by piece when their last messages are large', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    for (let count = 0; count < 60; count++) await ada.send(await ada.openGroup([bob]), `x${'\u0001'.repeat(2000)}`);
    const known: Record<number, number> = {};
    const sizes: number[] = [];
    for (let more = true; more;) {
      const { joined, has_more } = await sync(bob, known);
      for (const { id, pts } of joined) known[id] = pts;
      sizes.push(joined.length);
      more = has_more;
    }
    expect(Object.keys(known)).toHaveLength(60);
    expect(sizes.length).toBeGreaterThan(1);
  });

  it('takes no more than 10,000 chats', async () => {
    const { ada } = await group();
    const chats = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [1_000_000 + index, 1]));
    expectError(await ada.post('/sync', { epoch: null, chats }), 422, 'VALIDATION_ERROR', {
      errors: { chats: expect.any(String) },
    });
  });

  it('lists with reads also a chat in which another device has read on', async () => {
    const { ada, bob, chatId } = await group();
    const [first, second] = [await ada.send(chatId, '1'), await ada.send(chatId, '2')];
    await bob.post(`/chat/${chatId}/read`, { message_id: second.id });
    expect((await sync(bob, { [chatId]: 3 })).chats).toEqual([]);
    expect((await sync(bob, { [chatId]: 3 }, { reads: { [chatId]: second.id } })).chats).toEqual([]);
    expect((await sync(bob, { [chatId]: 3 }, { reads: { [chatId]: first.id } })).chats).toMatchObject([
      { chat_id: chatId, pts: 3, has_more: false, last_read_message_id: second.id, unread_count: 0, changes: [] },
    ]);
  });

  it('says how far the others have read', async () => {
    const { ada, bob, chatId } = await group();
    const { id } = await ada.send(chatId, '1');
    await bob.post(`/chat/${chatId}/read`, { message_id: id });
    const read_marks = [{ user_id: bob.id, message_id: id }];
    expect((await sync(ada, { [chatId]: 1 })).chats).toMatchObject([{ read_marks }]);
    expect((await sync(bob, { [chatId]: 1 })).chats).toMatchObject([{ read_marks: [], last_read_message_id: id }]);
  });

  it.each([
    ['no epoch', { chats: {} }],
    ['no chats', { epoch: null }],
    ['a number for an epoch', { epoch: 5, chats: {} }],
    ['a long epoch', { epoch: 'x'.repeat(65), chats: {} }],
    ['a list of chats', { epoch: null, chats: [] }],
    ['a chat 0', { epoch: null, chats: { 0: 1 } }],
    ['a chat -1', { epoch: null, chats: { '-1': 1 } }],
    ['a chat beyond all ids', { epoch: null, chats: { '99999999999999999': 1 } }],
    ['a chat that would round to another', { epoch: null, chats: { '9007199254740993': 1 } }],
    ['a pts of 0', { epoch: null, chats: { 1: 0 } }],
    ['a pts of 2^53', { epoch: null, chats: { 1: 2 ** 53 } }],
    ['a pts as text', { epoch: null, chats: { 1: '1' } }],
    ['a fraction of a pts', { epoch: null, chats: { 1: 1.5 } }],
    ['a read of 0', { epoch: null, chats: { 1: 1 }, reads: { 1: 0 } }],
    ['a field more', { epoch: null, chats: {}, extra: 1 }],
  ])('refuses %s', async (_what, body) => {
    const ada = await register(test);
    expectError(await ada.post('/sync', body), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
  });
});
