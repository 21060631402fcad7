import { describe, expect, it } from 'vitest';
import { asRead, registerMany, type Person } from '../support/client.js';
import { Socket, useServer, type Frame } from '../support/socket.js';

const test = useServer();

interface Change {
  readonly type: string;
  readonly pts: number;
  readonly data: { readonly id: number };
}

async function pair() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

describe('a client that comes back', () => {
  it('gets all that it has missed by one sync, and then what follows', async () => {
    const { ada, bob, eve, chatId } = await pair();
    const [first, second] = [await ada.send(chatId, '1'), await ada.send(chatId, '2')];
    const before = await Socket.of(bob);
    const { data: start } = await before.ask({ type: 'sync', epoch: null, chats: {} });
    expect(start).toMatchObject({ joined: [{ id: chatId, pts: 3 }], chats: [], has_more: false });
    before.webSocket.terminate();
    await before.closed;

    const { body: edited } = await ada.patch(`/message/${first.id}`, { contents: 'I' });
    await ada.delete(`/message/${second.id}`);
    const third = await ada.send(chatId, '3');
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    const joinedId = await eve.openGroup([bob]);

    const after = await Socket.of(bob);
    const { data } = await after.ask({ type: 'sync', epoch: start.epoch, chats: { [chatId]: 3 } });
    expect(data).toMatchObject({ epoch: start.epoch, has_more: false, joined: [{ id: joinedId, pts: 1 }], left: [] });
    const [chat] = data.chats;
    expect(chat).toMatchObject({ chat_id: chatId, pts: 7, has_more: false, too_long: false });
    const users = [eve.shown];
    expect(chat.changes).toEqual([
      { type: 'message.state', pts: 4, data: asRead(edited) },
      { type: 'message.deleted', pts: 5, data: { id: second.id } },
      { type: 'message.state', pts: 6, data: asRead(third) },
      { type: 'participant.added', pts: 7, data: { users, participant_count: 3, actor_id: ada.id } },
    ]);

    await eve.send(chatId, '4');
    await eve.send(joinedId, 'hello');
    expect(await after.rest()).toMatchObject([
      { type: 'message.created', chat_id: chatId, pts: 8 },
      { type: 'message.created', chat_id: joinedId, pts: 2 },
    ]);
  });

  it('is told what it is not in any more, and hears nothing of it', async () => {
    const { ada, bob, chatId } = await pair();
    const before = await Socket.of(bob);
    before.webSocket.terminate();
    await before.closed;
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    const after = await Socket.of(bob);
    await ada.send(chatId, 'without Bob');
    const { data } = await after.ask({ type: 'sync', epoch: null, chats: { [chatId]: 1 } });
    expect(data).toMatchObject({ left: [chatId], joined: [], chats: [] });
    expect(await after.rest()).toEqual([]);
  });

  it('gets by the same frame what POST /sync answers', async () => {
    const { ada, bob, chatId } = await pair();
    await ada.send(chatId, 'hello');
    const socket = await Socket.of(bob);
    const request = { epoch: null, chats: { [chatId]: 1 }, reads: {} };
    expect((await socket.ask({ type: 'sync', ...request })).data).toEqual((await bob.post('/sync', request)).body);
  });

  it('fills a gap in what it has got by a sync of the chat', async () => {
    const { ada, bob, chatId } = await pair();
    const socket = await Socket.of(bob);
    for (const contents of ['1', '2', '3']) await ada.send(chatId, contents);
    const [applied, , ahead] = (await socket.takeMany('message.created', 3)) as [Frame, Frame, Frame];
    expect(ahead.pts).toBeGreaterThan(applied.pts! + 1);
    const { data } = await socket.ask({ type: 'sync', epoch: null, chats: { [chatId]: applied.pts } });
    expect(data.chats[0].changes.map(({ pts }: Change) => pts)).toEqual([3, 4]);
    expect(data.chats[0]).toMatchObject({ pts: 4 });
  });
});

describe('attach first, then read', () => {
  it('misses nothing that happens between ready and the sync', async () => {
    const { ada, bob, chatId } = await pair();
    const socket = await Socket.of(bob);
    const { pts } = await ada.send(chatId, 'in both');
    const { data } = await socket.ask({ type: 'sync', epoch: null, chats: { [chatId]: 1 } });
    expect(data.chats[0]).toMatchObject({ pts, changes: [{ pts }] });
    expect(await socket.rest()).toMatchObject([{ type: 'message.created', pts }]);
  });

  it('misses nothing of a burst, whenever it comes, and knows twice what it has got twice', async () => {
    const { ada, bob, chatId } = await pair();
    const count = 60;
    const burst = Promise.all(Array.from({ length: count }, (_, index) => ada.send(chatId, `${index}`)));
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const socket = await Socket.of(bob);
        const { data } = await socket.ask({ type: 'sync', epoch: null, chats: { [chatId]: 1 } });
        await burst;
        const changes: Change[] = data.chats[0]?.changes ?? [];
        const synced = changes.map(({ pts }) => pts);
        const mine = synced.at(-1) ?? 1;
        expect(synced).toEqual(Array.from({ length: mine - 1 }, (_, index) => index + 2));
        const events = (await socket.rest()).map(({ pts }) => pts!);
        const applied = events.filter((pts) => pts > mine);
        expect(applied).toEqual(Array.from({ length: count + 1 - mine }, (_, index) => mine + index + 1));
      }),
    );
  });
});
