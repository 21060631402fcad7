import { describe, expect, it } from 'vitest';
import { ChatLog } from '../support/chat-log.js';
import { register, registerMany, uniqueName, type Person, type TestTarget } from '../support/client.js';
import { postgresUrl } from '../support/database.js';
import { follow, messagesOf } from '../support/follow.js';
import { at, useNodes } from '../support/nodes.js';
import { Socket, urlOf } from '../support/socket.js';

const redisUrl = process.env.TEST_REDIS_URL;

describe.skipIf(!postgresUrl || !redisUrl)('two nodes (needs TEST_DATABASE_URL and TEST_REDIS_URL)', () => {
  const prefix = `${uniqueName()}:`;
  const nodes = useNodes(() => ({ kind: 'redis', urls: [redisUrl!], prefix }));

  /** Ada and others in a group of hers. */
  async function group(others: number) {
    const [ada, ...rest] = (await registerMany(nodes.one, others + 1)) as [Person, ...Person[]];
    return { ada, others: rest, chatId: await ada.openGroup(rest) };
  }

  /** So many sends through each node, all at once. */
  async function burst(person: Person, chatId: number, count: number): Promise<void> {
    const sends = [nodes.one, nodes.other].flatMap((node) =>
      Array.from({ length: count }, (_, index) => at(node, person).send(chatId, `message ${index}`)),
    );
    await Promise.all(sends);
  }

  async function ptsOf(chatId: number): Promise<number> {
    const { last_pts } = await nodes.one.db.chat.findUniqueOrThrow({ where: { id: BigInt(chatId) } });
    return Number(last_pts);
  }

  async function messagesIn(chatId: number): Promise<[number, string][]> {
    const rows = await nodes.one.db.message.findMany({ where: { chat_id: BigInt(chatId) }, orderBy: { id: 'asc' } });
    return rows.map(({ id, contents }) => [Number(id), contents]);
  }

  it("tell each other of what is one user's alone, in order", async () => {
    const { ada, others, chatId } = await group(1);
    const [bob] = others as [Person];
    const sockets = [await Socket.of(bob), await Socket.of(at(nodes.other, bob))];
    const { id } = await ada.send(chatId, 'hello');
    const set = (node: TestTarget, pinned: boolean) => at(node, bob).patch(`/chat/${chatId}/settings`, { pinned });
    await set(nodes.one, true);
    await at(nodes.other, bob).post(`/chat/${chatId}/read`, { message_id: id });
    await set(nodes.other, false);
    for (const socket of sockets) {
      expect(await socket.take('chat.settings')).toMatchObject({ me_pts: 1, data: { pinned: true } });
      expect(await socket.take('chat.read_mark')).toMatchObject({ me_pts: 2, data: { last_read_message_id: id } });
      expect(await socket.take('chat.settings')).toMatchObject({ me_pts: 3, data: { pinned: false } });
    }
  });

  it('tell each other what happens', async () => {
    const { ada, others, chatId } = await group(2);
    const [bob, eve] = others as [Person, Person];
    const socket = await Socket.of(at(nodes.other, bob));
    const { id } = await ada.send(chatId, 'hello');
    expect(await socket.take('message.created')).toMatchObject({ chat_id: chatId, pts: 2, data: { id } });
    await ada.patch(`/message/${id}`, { contents: 'hi' });
    expect(await socket.take('message.updated')).toMatchObject({ chat_id: chatId, pts: 3, data: { contents: 'hi' } });
    await eve.post(`/chat/${chatId}/read`, { message_id: id });
    const read = { user_id: eve.id, message_id: id };
    expect(await socket.take('chat.read')).toEqual({ type: 'chat.read', chat_id: chatId, data: read });
    await ada.delete(`/message/${id}`);
    expect(await socket.take('message.deleted')).toMatchObject({ chat_id: chatId, pts: 4, data: { id } });
    await ada.patch(`/chat/${chatId}`, { name: 'another' });
    expect(await socket.take('chat.updated')).toMatchObject({ chat_id: chatId, pts: 5, data: { name: 'another' } });
    await eve.delete(`/chat/${chatId}/participants/${eve.id}`);
    expect(await socket.take('participant.removed')).toMatchObject({ pts: 6, data: { user_id: eve.id } });
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    expect(await socket.take('participant.added')).toMatchObject({ pts: 7, data: { users: [{ id: eve.id }] } });
    expect(await socket.rest()).toEqual([]);
  });

  it('give everybody each event once and in order, when many send through both at once', async () => {
    const { ada, others, chatId } = await group(2);
    const logs: ChatLog[] = [];
    for (const person of [ada, ...others]) {
      for (const node of [nodes.one, nodes.other]) logs.push(new ChatLog(await Socket.of(at(node, person)), chatId));
    }
    await Promise.all([ada, ...others].map((person) => burst(person, chatId, 50)));
    const last = await ptsOf(chatId);
    expect(last).toBe(301);
    for (const log of logs) {
      await log.reaches(last);
      await log.socket.rest();
      log.expectWholeFrom(1);
    }
  });

  it('send a message once, whose sender tries on both at the same time', async () => {
    const { ada, others, chatId } = await group(1);
    const log = new ChatLog(await Socket.of(at(nodes.other, others[0]!)), chatId);
    const rounds = 60;
    for (let round = 0; round < rounds; round++) {
      const clientId = uniqueName();
      // Others share the batches, so that one which meets the repeat has them with it.
      const mates = Array.from({ length: 4 }, (_, index) => ada.send(chatId, `mate ${index}`));
      const tries = [nodes.one, nodes.other, nodes.one].map((node) => at(node, ada).send(chatId, 'once', clientId));
      const sent = await Promise.all(tries);
      await Promise.all(mates);
      expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
      expect(sent.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1);
    }
    const last = await ptsOf(chatId);
    expect(last).toBe(1 + rounds * 5);
    await log.reaches(last);
    log.expectWholeFrom(1);
  });

  it('give somebody who is removed nothing after that, while sends go on through both', async () => {
    for (let round = 0; round < 8; round++) {
      const { ada, others, chatId } = await group(1);
      const [bob] = others as [Person];
      const logs = async (person: Person) => [
        new ChatLog(await Socket.of(at(nodes.one, person)), chatId),
        new ChatLog(await Socket.of(at(nodes.other, person)), chatId),
      ];
      const [kept, removed] = [await logs(ada), await logs(bob)];
      await Promise.all([
        burst(ada, chatId, 15),
        at(nodes.other, ada).delete(`/chat/${chatId}/participants/${bob.id}`),
        burst(ada, chatId, 15),
      ]);
      const removal = await nodes.one.db.chatEvent.findFirstOrThrow({
        where: { chat_id: BigInt(chatId), type: 'participant.removed' },
      });
      // When those who are still there have got everything on a node, it has nothing left to give.
      for (const log of kept) await log.reaches(await ptsOf(chatId));
      for (const log of removed) {
        const rest = await log.socket.rest();
        log.expectWholeFrom(1);
        expect(log.frames.at(-1)?.pts ?? 0).toBeLessThanOrEqual(Number(removal.pts));
        expect(rest.some(({ type }) => type === 'participant.removed' || type === 'resync')).toBe(true);
      }
    }
  });

  it('give somebody who is added the chat, and everything from then on', async () => {
    for (let round = 0; round < 8; round++) {
      const { ada, chatId } = await group(1);
      const eve = await register(nodes.other);
      const socket = await Socket.of(eve);
      const device = await follow(eve, urlOf(nodes.other, 'http'));
      await Promise.all([
        burst(ada, chatId, 15),
        ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] }),
        burst(ada, chatId, 15),
      ]);
      const all = await messagesIn(chatId);
      await expect.poll(() => messagesOf(device, chatId), { timeout: 15_000 }).toEqual(all);
      expect(await socket.take('chat.created')).toMatchObject({ chat_id: chatId, data: { id: chatId } });
      expect((await socket.rest()).filter(({ type }) => type === 'chat.created')).toEqual([]);
    }
  });

  it('leave somebody with the whole chat who is removed and added again and again', async () => {
    const { ada, others, chatId } = await group(1);
    const [bob] = others as [Person];
    const devices = [await follow(bob, urlOf(nodes.one, 'http')), await follow(bob, urlOf(nodes.other, 'http'))];
    for (let round = 0; round < 6; round++) {
      const sends = burst(ada, chatId, 8);
      await at(nodes.other, ada).delete(`/chat/${chatId}/participants/${bob.id}`);
      await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
      await sends;
    }
    const all = await messagesIn(chatId);
    for (const device of devices) {
      await expect.poll(() => messagesOf(device, chatId), { timeout: 15_000 }).toEqual(all);
      // A page that was read may have messages of which the events are yet to come.
      const pts = await ptsOf(chatId);
      await expect.poll(() => device.replica.chats.get(chatId), { timeout: 15_000 }).toMatchObject({ pts });
      expect(device.replica.chats.get(chatId)?.participants).toEqual(new Set([ada.id, bob.id]));
      expect(device.journal.surprises).toEqual([]);
    }
  });

  it('bring a new private chat and its messages to the user on both, once', async () => {
    const [ada, bob] = (await registerMany(nodes.one, 2)) as [Person, Person];
    const sockets = [await Socket.of(at(nodes.one, bob)), await Socket.of(at(nodes.other, bob))];
    const chatId = await ada.openPrivate(bob);
    for (const socket of sockets) {
      expect(await socket.take('chat.created')).toMatchObject({ chat_id: chatId, pts: 1, data: { type: 'private' } });
    }
    const { id } = await at(nodes.other, ada).send(chatId, 'hello');
    for (const socket of sockets) {
      expect(await socket.take('message.created')).toMatchObject({ chat_id: chatId, pts: 2, data: { id } });
      expect(await socket.rest()).toEqual([]);
    }
  });

  it('say on each who is typing, to all but them', async () => {
    const { ada, others, chatId } = await group(1);
    const [bob] = others as [Person];
    const own = [await Socket.of(at(nodes.one, ada)), await Socket.of(at(nodes.other, ada))];
    const theirs = [await Socket.of(at(nodes.one, bob)), await Socket.of(at(nodes.other, bob))];
    own[0]!.send({ type: 'typing', chat_id: chatId });
    for (const socket of theirs) {
      expect(await socket.take('typing')).toEqual({ type: 'typing', chat_id: chatId, data: { user_id: ada.id } });
    }
    // A message that is sent afterwards comes afterwards.
    await ada.send(chatId, 'hello');
    for (const socket of own) {
      await socket.take('message.created');
      expect(await socket.rest()).toEqual([]);
    }
  });

  it('say who is there: on either of them', async () => {
    const { ada, others } = await group(1);
    const [bob] = others as [Person];
    const watcher = await Socket.of(at(nodes.other, ada));
    const subscribe = { type: 'presence.subscribe', user_ids: [bob.id] };
    const answer = await watcher.ask(subscribe);
    expect(answer.data).toEqual([{ user_id: bob.id, online: false, last_seen_at: null }]);
    const sockets = [await Socket.of(at(nodes.one, bob)), await Socket.of(at(nodes.other, bob))];
    expect((await watcher.take('presence')).data).toMatchObject({ user_id: bob.id, online: true });
    expect((await watcher.ask(subscribe)).data).toMatchObject([{ online: true }]);
    for (const socket of sockets) socket.webSocket.close();
    expect((await watcher.take('presence')).data).toMatchObject({ user_id: bob.id, online: false });
    expect((await watcher.ask(subscribe)).data).toMatchObject([{ online: false, last_seen_at: expect.any(String) }]);
  });
});
