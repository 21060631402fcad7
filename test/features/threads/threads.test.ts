import { describe, expect, it, vi } from 'vitest';
import { call, expectError, registerMany, type Answer, type Person } from '../../support/client.js';
import { eraseMe, finished, hurry } from '../../support/erasures.js';
import { Host } from '../../support/host.js';
import { insertMessages } from '../../support/insert-messages.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

interface World {
  readonly all: readonly Person[];
  readonly ada: Person;
  readonly bob: Person;
  readonly eve: Person;
  readonly chatId: number;
  /** The message of Ada on which threads begin. */
  readonly root: number;
}

/** A group of three and more, and somebody who is not in it. */
async function world(people = 2): Promise<World> {
  const [eve, ...all] = (await registerMany(test, people + 1)) as [Person, ...Person[]];
  const [ada, bob] = all as [Person, Person];
  const chatId = await ada.openGroup(all.slice(1));
  return { all, ada, bob, eve, chatId, root: (await ada.send(chatId, 'hello')).id };
}

const reply = (person: Person, chatId: number, thread_id: number, more: object = {}): Promise<Answer> =>
  person.post(`/chat/${chatId}/message`, { contents: 'a reply', thread_id, ...more });

const threadOf = async (person: Person, root: number) => (await person.get(`/message/${root}`)).body.thread;
const ptsOf = async (person: Person, chatId: number): Promise<number> => (await person.get(`/chat/${chatId}`)).body.pts;
const idsOf = ({ body }: Answer): number[] => body.messages.map(({ id }: { id: number }) => id);

/** What the process that sent, or deleted, has not done, as if it had been killed. */
async function becomeDue(root: number): Promise<void> {
  await test.db.threadChange.updateMany({ where: { root_id: root }, data: { due_at: new Date(0) } });
  await vi.waitFor(
    async () => {
      expect(await test.db.threadChange.count({ where: { root_id: root } })).toBe(0);
    },
    {
      ...{ timeout: 8000, interval: 50 },
    },
  );
}

/** A message in a thread, and nothing that belongs to it. */
async function insertReply(chatId: number, author: Person, root: number): Promise<void> {
  const [chat_id, author_id, thread_id] = [chatId, author.id, root].map(BigInt);
  await test.db.$executeRaw`
    with numbered as (update chat set last_pts = last_pts + 1 where id = ${chat_id} returning last_pts)
    insert into message (chat_id, author_id, contents, thread_id, pts)
    select ${chat_id}, ${author_id}, 'a reply', ${thread_id}, last_pts from numbered`;
}

describe('a reply in a thread', () => {
  it('is a message of the chat, and counts with the one whose thread it is: two numbers, two events', async () => {
    const { ada, bob, chatId, root } = await world();
    const socket = await Socket.of(ada);
    const before = await ptsOf(ada, chatId);
    const { body } = await reply(bob, chatId, root);
    expect(body).toMatchObject({ thread_id: root, pts: before + 1 });
    const thread = { reply_count: 1, last_reply_id: body.id, last_reply_at: body.created_at, participants: [bob.id] };
    expect(await socket.take('message.created')).toMatchObject({ pts: before + 1, data: { thread_id: root } });
    expect(await socket.take('message.updated')).toMatchObject({ pts: before + 2, data: { id: root, thread } });
    expect(await ptsOf(ada, chatId)).toBe(before + 2);
    const { epoch } = (await ada.post('/sync', { epoch: null, chats: {} })).body;
    const { chats } = (await ada.post('/sync', { epoch, chats: { [chatId]: before } })).body;
    expect(chats[0].changes).toMatchObject([
      { pts: before + 1, data: { id: body.id, thread_id: root } },
      { pts: before + 2, data: { id: root, thread } },
    ]);
    expect((await ada.get('/user/chats')).body.chats[0].last_message).toMatchObject({ id: body.id, thread_id: root });
    expect(idsOf(await ada.get(`/chat/${chatId}/messages`))).toEqual([root, body.id]);
    expect((await ada.get(`/message/${root}`)).body.edited_at).toBeUndefined();
  });

  it('is sent once under a client_id, and counted once', async () => {
    const { ada, bob, chatId, root } = await world();
    const answers = await Promise.all([1, 2, 3].map(() => reply(bob, chatId, root, { client_id: 'c1' })));
    answers.push(await reply(bob, chatId, root, { client_id: 'c1' }));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await threadOf(ada, root)).toMatchObject({ reply_count: 1 });
  });

  it('at the same time as others are all counted, by few changes of the message', async () => {
    const { all, ada, chatId, root } = await world(8);
    const before = await ptsOf(ada, chatId);
    const replies = await Promise.all(all.flatMap((person) => [1, 2, 3, 4].map(() => reply(person, chatId, root))));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    const last = Math.max(...replies.map(({ body }) => body.id));
    const { participants, ...thread } = await threadOf(ada, root);
    expect(thread).toMatchObject({ reply_count: 32, last_reply_id: last });
    expect(participants).toHaveLength(5);
    expect(await ptsOf(ada, chatId)).toBeLessThan(before + 64);
    const { body } = await ada.get(`/message/${root}/thread?limit=100`);
    expect(body.messages).toHaveLength(32);
    expect(participants).toEqual(
      [...new Set(body.messages.map(({ author_id }: { author_id: number }) => author_id))].slice(0, 5),
    );
  });

  it('is counted although its server is killed before it is', async () => {
    const { ada, bob, chatId, root } = await world();
    await insertReply(chatId, bob, root);
    expect(await threadOf(ada, root)).toBeUndefined();
    await becomeDue(root);
    expect(await threadOf(ada, root)).toMatchObject({ reply_count: 1, participants: [bob.id] });
    expect((await bob.get('/user/threads')).body.threads).toMatchObject([{ thread_id: root, unread_count: 0 }]);
    expect((await ada.get('/user/threads')).body.threads).toMatchObject([{ thread_id: root, unread_count: 1 }]);
  });

  it('is counted once when its server is killed before those who follow are told', async () => {
    const { ada, bob, chatId, root } = await world();
    const { body } = await reply(bob, chatId, root);
    const pts = await ptsOf(ada, chatId);
    await test.db.threadState.deleteMany({ where: { root_id: root } });
    const ids = { chat_id: chatId, root_id: root, message_id: body.id, author_id: bob.id };
    await test.db.threadChange.create({ data: { ...ids, delta: 1, is_counted: true } });
    await becomeDue(root);
    expect(await threadOf(ada, root)).toMatchObject({ reply_count: 1 });
    expect(await ptsOf(ada, chatId)).toBe(pts);
    expect((await bob.get('/user/threads')).body.count).toBe(1);
  });

  it('is refused where there is no message with a thread', async () => {
    const { ada, bob, eve, chatId, root } = await world();
    const elsewhere = await ada.openGroup([bob]);
    const { id } = (await reply(bob, chatId, root)).body;
    expectError(await reply(bob, chatId, 9_007_199_254_740_991), 404, 'THREAD_DOES_NOT_EXIST');
    expectError(await reply(bob, elsewhere, root), 404, 'THREAD_DOES_NOT_EXIST');
    expectError(await reply(bob, chatId, id), 404, 'THREAD_IN_THREAD');
    expectError(await reply(eve, chatId, root), 404, 'CHAT_DOES_NOT_EXIST');
    const gone = (await ada.send(chatId, 'gone')).id;
    await ada.delete(`/message/${gone}`);
    const pts = await ptsOf(ada, chatId);
    expectError(await reply(bob, chatId, gone, { client_id: 'c' }), 404, 'THREAD_DOES_NOT_EXIST');
    expect(await ptsOf(ada, chatId)).toBe(pts);
    // Nothing was sent under it.
    expect((await reply(bob, chatId, root, { client_id: 'c' })).status).toBe(200);
  });

  it('is refused to who has lost the right to write, and who has left', async () => {
    const { ada, bob, chatId, root } = await world();
    await reply(bob, chatId, root);
    await ada.patch(`/chat/${chatId}/participants/${bob.id}`, { role: 'reader' });
    expectError(await reply(bob, chatId, root), 403, 'RIGHT_MISSING');
    // Who only reads goes on following.
    expect((await bob.get('/user/threads')).body.count).toBe(1);
    expect((await bob.put(`/message/${root}/thread/follow`)).status).toBe(200);
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    expectError(await reply(bob, chatId, root), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await bob.get(`/message/${root}/thread`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect((await bob.get('/user/threads')).body.threads).toEqual([]);
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    expect((await bob.get('/user/threads')).body.count).toBe(1);
  });

  it('of the host application is one, too, and is refused alike', async () => {
    const { ada, chatId, root } = await world();
    const host = await Host.of(test);
    const url = `/server/chats/${chatId}/message`;
    const { status, body } = await host.post(url, { contents: 'x', thread_id: root });
    expect(status).toBe(200);
    expect(await threadOf(ada, root)).toMatchObject({ reply_count: 1, participants: [body.author_id] });
    expectError(await host.post(url, { contents: 'x', thread_id: body.id }), 404, 'THREAD_IN_THREAD');
    expectError(await host.post(url, { contents: 'x', thread_id: 999_999 }), 404, 'THREAD_DOES_NOT_EXIST');
  });

  it('that races with the deletion of the message is either sent before or refused', async () => {
    const { ada, bob, chatId, root } = await world();
    const [gone, ...replies] = await Promise.all([
      ada.delete(`/message/${root}`),
      ...Array.from({ length: 10 }, () => reply(bob, chatId, root)),
    ]);
    expect(gone.status).toBe(200);
    for (const answer of replies) {
      if (answer.status !== 200) expectError(answer, 404, 'THREAD_DOES_NOT_EXIST');
    }
    await vi.waitFor(async () => {
      expect(await test.db.threadChange.count({ where: { root_id: root } })).toBe(0);
    });
  });

  it('is unread in its thread, and not in the chat', async () => {
    const { ada, bob, chatId, root } = await world();
    await reply(bob, chatId, root);
    expect((await ada.get(`/chat/${chatId}`)).body.unread_count).toBe(0);
    expect((await ada.get('/user/badge')).body).toMatchObject({ messages: 0 });
    expect((await ada.get(`/message/${root}/thread`)).body.unread_count).toBe(1);
    await bob.send(chatId, 'for all');
    expect((await ada.get(`/chat/${chatId}`)).body.unread_count).toBe(1);
  });
});

describe('a thread', () => {
  it('is read by pages, in both orders, with its authors', async () => {
    const { ada, bob, eve, chatId, root } = await world();
    const sent: number[] = [];
    for (const person of [bob, ada, bob]) sent.push((await reply(person, chatId, root)).body.id);
    await ada.send(chatId, 'beside it');
    const first = await ada.get(`/message/${root}/thread?limit=2`);
    expect(first.body).toMatchObject({ thread_id: root, chat_id: chatId, following: true, next: sent[1], count: 2 });
    expect(first.body.authors).toEqual([bob.shown, ada.shown]);
    expect(idsOf(first)).toEqual(sent.slice(0, 2));
    const rest = await ada.get(`/message/${root}/thread?limit=2&cursor=${first.body.next}`);
    expect(rest.body).toMatchObject({ has_more: false, next: null });
    expect(idsOf(rest)).toEqual(sent.slice(2));
    expect(idsOf(await ada.get(`/message/${root}/thread?order=desc`))).toEqual([...sent].reverse());
    expectError(await ada.get(`/message/${sent[0]}/thread`), 404, 'THREAD_IN_THREAD');
    for (const answer of [
      await eve.get(`/message/${root}/thread`),
      await eve.put(`/message/${root}/thread/follow`),
      await eve.delete(`/message/${root}/thread/follow`),
      await eve.put(`/message/${root}/thread/read`, { message_id: sent[0] }),
    ]) {
      expectError(answer, 404, 'MESSAGE_DOES_NOT_EXIST');
    }
  });

  it('of a message without replies is empty, and nobody follows it', async () => {
    const { bob, root } = await world();
    expect((await bob.get(`/message/${root}/thread`)).body).toMatchObject({
      ...{ following: false, last_read_message_id: null, unread_count: 0, messages: [] },
    });
  });

  it('that loses a reply counts less, and shows nothing without any', async () => {
    const { ada, bob, chatId, root } = await world();
    const [first, second] = [(await reply(bob, chatId, root)).body, (await reply(ada, chatId, root)).body];
    const before = await ptsOf(ada, chatId);
    await ada.delete(`/message/${second.id}`);
    expect(await threadOf(ada, root)).toEqual({
      ...{ reply_count: 1, last_reply_id: first.id, last_reply_at: first.created_at, participants: [bob.id] },
    });
    expect(await ptsOf(ada, chatId)).toBe(before + 2);
    await bob.delete(`/message/${first.id}`);
    expect(await threadOf(ada, root)).toBeUndefined();
    expect((await bob.get('/user/threads')).body.threads).toEqual([]);
    expect(await test.db.threadReply.count({ where: { root_id: root } })).toBe(0);
  });

  it('whose message is deleted leaves its replies in the chat', async () => {
    const { ada, bob, chatId, root } = await world();
    const { id } = (await reply(bob, chatId, root)).body;
    await ada.delete(`/message/${root}`);
    const { messages } = (await bob.get(`/chat/${chatId}/messages`)).body;
    expect(messages).toMatchObject([{ id, thread_id: root }]);
    expectError(await bob.get(`/message/${root}/thread`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect((await bob.get('/user/threads')).body.threads).toEqual([]);
    expect((await bob.delete(`/message/${id}`)).status).toBe(200);
    expect(await test.db.threadChange.count({ where: { root_id: root } })).toBe(0);
  });

  it('of a message that somebody may not see is closed to them; its replies are not', async () => {
    const { ada, bob, eve, chatId, root } = await world();
    const host = await Host.of(test);
    await host.post(`/server/chats/${chatId}/members`, { members: [String(eve.id)], history_from: 'now' });
    const sockets = [await Socket.of(ada), await Socket.of(eve)];
    const { id, pts } = (await reply(bob, chatId, root)).body as { id: number; pts: number };
    for (const socket of sockets) {
      expect(await socket.take('message.created')).toMatchObject({ data: { id, thread_id: root } });
      // The message shows it, and not all may see that one.
      expect(await socket.take('chat.advanced')).toMatchObject({ pts: pts + 1 });
    }
    expect(idsOf(await eve.get(`/chat/${chatId}/messages`))).toEqual([id]);
    expectError(await eve.get(`/message/${root}/thread`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await eve.put(`/message/${root}/thread/follow`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await reply(eve, chatId, root), 404, 'THREAD_DOES_NOT_EXIST');
  });

  it('in a private chat ends when one blocks the other, and stays to be read', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openPrivate(bob);
    const root = (await ada.send(chatId, 'hello')).id;
    await reply(bob, chatId, root);
    await ada.put(`/user/blocks/${bob.id}`);
    expectError(await reply(bob, chatId, root), 403, 'NOT_ACCEPTING_MESSAGES');
    expect((await bob.get('/user/threads')).body.count).toBe(1);
    expect((await ada.get(`/message/${root}/thread`)).body.messages).toHaveLength(1);
  });

  it.each(['anonymise', 'purge'])(
    'of which a writer is erased (%s) names them no more',
    async (messages) => {
      const { ada, bob, chatId, root } = await world(3);
      await reply(bob, chatId, root);
      await reply(ada, chatId, root);
      await eraseMe(bob, messages);
      expect(await test.db.threadState.count({ where: { user_id: bob.id } })).toBe(0);
      await hurry(test, bob.id);
      await finished(test, bob.id);
      await becomeDue(root);
      const thread = await threadOf(ada, root);
      expect(thread.participants).not.toContain(bob.id);
      expect(thread).toMatchObject({ reply_count: messages === 'purge' ? 1 : 2 });
      expect(await test.db.threadState.count({ where: { user_id: bob.id } })).toBe(0);
    },
    30_000,
  );
});

describe('who follows', () => {
  it('is who writes, and whose message it is, until they say otherwise', async () => {
    const { ada, bob, all, chatId, root } = await world(3);
    const eve = all[2]!;
    await reply(bob, chatId, root);
    const followed = async (person: Person) => (await person.get(`/message/${root}/thread`)).body.following;
    expect([await followed(ada), await followed(bob), await followed(eve)]).toEqual([true, true, false]);
    expect((await eve.put(`/message/${root}/thread/follow`)).body).toMatchObject({ following: true, unread_count: 1 });
    await ada.delete(`/message/${root}/thread/follow`);
    await bob.delete(`/message/${root}/thread/follow`);
    await reply(eve, chatId, root);
    expect([await followed(ada), await followed(bob)]).toEqual([false, false]);
    await reply(bob, chatId, root);
    expect([await followed(ada), await followed(bob)]).toEqual([false, true]);
  });

  it('learns of it on all devices, and nobody else does; what is so already takes no number', async () => {
    const { ada, bob, chatId, root } = await world();
    const [device, other] = [await Socket.of(ada), await Socket.of(bob)];
    const { id } = (await reply(bob, chatId, root)).body;
    const state = { thread_id: root, chat_id: chatId, following: true };
    expect(await device.take('thread.updated')).toMatchObject({ data: { ...state, last_read_message_id: null } });
    expect(await other.take('thread.updated')).toMatchObject({ data: { ...state, last_read_message_id: id } });
    const read = await ada.put(`/message/${root}/thread/read`, { message_id: id });
    expect(read.body).toEqual({ ...state, last_read_message_id: id, unread_count: 0 });
    const { me_pts } = await device.take('thread.updated');
    await ada.put(`/message/${root}/thread/read`, { message_id: id });
    await ada.put(`/message/${root}/thread/read`, { message_id: root });
    await ada.put(`/message/${root}/thread/follow`);
    const { me } = (await ada.post('/sync', { epoch: null, chats: {}, me_pts: 0 })).body;
    expect(me.me_pts).toBe(me_pts);
    expect(me.changes.filter(({ type }: { type: string }) => type === 'thread.updated')).toEqual([
      { type: 'thread.updated', me_pts, data: { ...state, last_read_message_id: id } },
    ]);
    expect((await ada.get(`/chat/${chatId}`)).body.last_read_message_id).toBeNull();
  });

  it('reads no further than the thread goes', async () => {
    const { ada, bob, chatId, root } = await world();
    const { id } = (await reply(bob, chatId, root)).body;
    const { body } = await ada.put(`/message/${root}/thread/read`, { message_id: 9_007_199_254_740_991 });
    expect(body).toMatchObject({ last_read_message_id: id, unread_count: 0 });
    await reply(bob, chatId, root);
    expect((await ada.get(`/message/${root}/thread`)).body.unread_count).toBe(1);
  });

  it('may follow and unfollow at once from everywhere', async () => {
    const { bob, root } = await world();
    const url = `/message/${root}/thread/follow`;
    const answers = await Promise.all([1, 2, 3, 4, 5].flatMap(() => [bob.put(url), bob.delete(url)]));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('the list of threads', () => {
  it('has that with the latest reply first, by pages, with what is unread', async () => {
    const { ada, bob, chatId, root } = await world();
    const roots = [root, (await ada.send(chatId, 'two')).id, (await ada.send(chatId, 'three')).id];
    for (const each of [...roots, root]) await reply(bob, chatId, each);
    const first = (await ada.get('/user/threads?limit=2')).body;
    expect(first).toMatchObject({ has_more: true, count: 2 });
    expect(first.threads).toMatchObject([
      {
        thread_id: root,
        unread_count: 2,
        author: ada.shown,
        message: { contents: 'hello', thread: { reply_count: 2 } },
      },
      { thread_id: roots[2], unread_count: 1 },
    ]);
    const rest = (await ada.get(`/user/threads?limit=2&cursor=${first.next}`)).body;
    expect(rest).toMatchObject({ has_more: false, next: null, threads: [{ thread_id: roots[1] }] });
    await ada.put(`/message/${root}/thread/read`, { message_id: 9_007_199_254_740_991 });
    const unread = (await ada.get('/user/threads?unread=true')).body.threads;
    expect(unread.map(({ thread_id }: { thread_id: number }) => thread_id)).toEqual([roots[2], roots[1]]);
    await ada.delete(`/message/${root}/thread/follow`);
    expect((await ada.get('/user/threads')).body.count).toBe(2);
  });

  it('is nobody else’s', async () => {
    const { bob, eve, chatId, root } = await world();
    await reply(bob, chatId, root);
    expect((await eve.get('/user/threads')).body).toMatchObject({ count: 0, threads: [] });
    expect((await call(test, 'GET', '/user/threads')).status).toBe(401);
  });
});

describe('a page of a chat with threads apart', () => {
  it('has no messages of threads, in both orders', async () => {
    const { ada, bob, chatId, root } = await world();
    await reply(bob, chatId, root);
    const { id } = await ada.send(chatId, 'two');
    await reply(bob, chatId, root);
    const url = `/chat/${chatId}/messages?threads=apart`;
    const page = await ada.get(url);
    expect(idsOf(page)).toEqual([root, id]);
    expect(page.body).toMatchObject({ has_more: false, next: null, authors: [ada.shown] });
    expect(idsOf(await ada.get(`${url}&order=desc`))).toEqual([id, root]);
    const first = await ada.get(`${url}&limit=1`);
    expect(first.body).toMatchObject({ has_more: true, next: root });
    expect(idsOf(await ada.get(`${url}&limit=1&cursor=${root}`))).toEqual([id]);
    expect((await ada.get(`/chat/${chatId}/messages?threads=no`)).status).toBe(422);
  });

  it('looks at 1,000 messages, and says how it goes on', async () => {
    const { ada, bob, chatId, root } = await world();
    await insertMessages(test, chatId, bob, 1200);
    await test.db.$executeRaw`
      update message set thread_id = ${BigInt(root)} where chat_id = ${BigInt(chatId)} and id > ${BigInt(root)}`;
    const { id } = await ada.send(chatId, 'after all that');
    for (const [order, expected] of [
      ['asc', [root, id]],
      ['desc', [id, root]],
    ] as const) {
      const found: number[] = [];
      let pages = 0;
      for (let cursor = ''; ; pages++) {
        const page = await ada.get(`/chat/${chatId}/messages?threads=apart&order=${order}${cursor}`);
        found.push(...idsOf(page));
        expect(page.body.has_more).toBe(page.body.next !== null);
        if (!page.body.has_more) break;
        cursor = `&cursor=${page.body.next}`;
      }
      expect(found).toEqual(expected);
      expect(pages).toBe(1);
    }
  });
});
