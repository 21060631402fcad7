import 'fake-indexeddb/auto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { registerMany, type Person } from '../../test/support/client.js';
import { insertMessages } from '../../test/support/insert-messages.js';
import { useServer } from '../../test/support/socket.js';
import type { HeldChat, Step } from '../src/held.js';
import { indexedDbStore } from '../src/indexeddb/index.js';
import { memoryStore } from '../src/memory-store.js';
import type { AccountStore, Store } from '../src/store.js';
import type { Message } from '../src/wire.js';
import { deviceOf, online, onlineDevice, texts } from './support/device.js';
import { Network } from './support/network.js';

const test = useServer();

const stores: [string, () => Store][] = [
  ['in memory', memoryStore],
  ['in IndexedDB', () => indexedDbStore({ name: `test ${Math.random()}` })],
];

function message(id: number, contents = `m${id}`): Message {
  const at = '2026-11-27T00:00:00.000Z';
  return { id, contents, author_id: 1, version: 1, created_at: at, updated_at: at };
}

function chat(id: number, pts: number): HeldChat {
  return { id, pts, read_marks: {}, last_message: null } as unknown as HeldChat;
}

const position = { userId: 1, epoch: 'e', mePts: 3, peoplePts: 4, me: undefined };

/** A chat that is held from message 10 on. */
const begin: Step[] = [
  { type: 'position', position },
  { type: 'chat', chat: chat(6, 1) },
  { type: 'range', chatId: 6, floor: 10, messages: [message(10), message(12)] },
];

async function idsOf(store: AccountStore, below = Infinity, limit = 100): Promise<[number, number[]]> {
  const { floor, messages } = await store.older(6, below === Infinity ? 1e9 : below, limit);
  return [floor, messages.map(({ id }) => id)];
}

describe.each(stores)('a store %s', (_, makeStore) => {
  async function opened(steps: readonly Step[] = begin): Promise<AccountStore> {
    const store = await makeStore()('ada');
    onTestFinished(() => {
      store.close();
    });
    await store.write(steps);
    return store;
  }

  it('has nothing at first', async () => {
    expect(await (await opened([])).load()).toBeUndefined();
  });

  it('has what was written last', async () => {
    const store = await opened();
    await store.write([
      { type: 'chat', chat: chat(6, 2) },
      { type: 'chat', chat: chat(6, 3) },
      { type: 'chat', chat: chat(7, 1) },
      { type: 'forget', chatId: 7 },
      { type: 'message', chatId: 6, message: message(12, 'edited') },
      { type: 'message', chatId: 6, message: message(13) },
      { type: 'message.gone', chatId: 6, id: 10 },
    ]);
    expect(await store.load()).toMatchObject({ position, chats: [{ chat: { id: 6, pts: 3 }, floor: 10 }] });
    expect(await store.older(6, 1000, 10)).toEqual({ floor: 10, messages: [message(12, 'edited'), message(13)] });
  });

  it('never has a gap', async () => {
    const store = await opened();
    await store.write([
      // From before the floor, and a page that does not reach it.
      { type: 'message', chatId: 6, message: message(4) },
      { type: 'page', chatId: 6, below: 8, floor: 5, messages: [message(5)] },
    ]);
    expect(await idsOf(store)).toEqual([10, [10, 12]]);
    await store.write([{ type: 'page', chatId: 6, below: 10, floor: 7, messages: [message(7), message(9)] }]);
    expect(await idsOf(store)).toEqual([7, [7, 9, 10, 12]]);
    expect(await idsOf(store, 12, 2)).toEqual([9, [9, 10]]);
    expect(await idsOf(store, 7)).toEqual([7, []]);
    await store.write([{ type: 'range', chatId: 6, floor: 20, messages: [message(20)] }]);
    expect(await idsOf(store)).toEqual([20, [20]]);
  });

  it('keeps what waits to be sent when another epoch begins', async () => {
    const store = await opened();
    const item = {
      ...({ kind: 'send', key: 'k', chatId: 6, order: 1, state: 'pending', tried: false } as const),
      ...{ contents: 'hello', createdAt: '2026-11-27T00:00:00.000Z' },
    };
    await store.write([{ type: 'wait', item }, { type: 'reset' }]);
    expect(await store.load()).toMatchObject({ position, chats: [], outbox: [item] });
    expect(await idsOf(store, 1000)).toMatchObject([expect.any(Number), []]);
    await store.write([{ type: 'settle', key: 'k' }]);
    expect(await store.load()).toMatchObject({ outbox: [] });
  });

  it('forgets everything, and has nothing of other accounts', async () => {
    const store = makeStore();
    const [hers, his] = [await store('ada'), await store('bob')];
    await hers.write(begin);
    expect(await his.load()).toBeUndefined();
    await hers.clear();
    expect(await hers.load()).toBeUndefined();
    expect(await idsOf(hers)).toMatchObject([expect.any(Number), []]);
    for (const each of [hers, his]) each.close();
  });

  it('gives a client after a reload what it had, messages that were read by page included', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    await insertMessages(test, chatId, bob, 250);
    const network = await Network.to(test);
    const options = { url: network.url, store: makeStore(), account: 'ada' };
    const device = await onlineDevice(ada, options);
    const window = device.chat(chatId).messages({ limit: 20 });
    await window.loadOlder(150);
    const before = window.getSnapshot().slice();
    expect(before.length).toBeGreaterThan(150);
    await ada.send(chatId, 'the last one');
    await expect.poll(() => window.getSnapshot().at(-1)?.contents).toBe('the last one');
    device.close();
    network.down();
    const again = deviceOf(ada, options);
    await expect.poll(() => again.chats.getSnapshot().isLoaded).toBe(true);
    const later = again.chat(chatId).messages({ limit: 20 });
    await later.loadOlder(before.length);
    await expect(later.loadOlder(1000)).rejects.toMatchObject({ code: 'OFFLINE' });
    const contents = later
      .getSnapshot()
      .slice()
      .map((each) => each.contents);
    expect(contents).toEqual(expect.arrayContaining(before.map((each) => each.contents)));
    expect(contents.slice(-2)).toEqual(['m250', 'the last one']);
    expect(later.getSnapshot().hasOlder).toBe(true);
    network.up();
    await later.loadOlder(1000);
    expect(texts(again, chatId)).toEqual([...Array.from({ length: 250 }, (__, n) => `m${n + 1}`), 'the last one']);
  });
});

describe('IndexedDB', () => {
  it('keeps the newest 200 messages of a chat when there is no more room', async () => {
    const store = await indexedDbStore({ name: 'a full one' })('ada');
    const many = Array.from({ length: 500 }, (_, index) => message(index + 10));
    await store.write([...begin, { type: 'range', chatId: 6, floor: 10, messages: many }]);
    const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(function (this: IDBObjectStore) {
      this.transaction.abort();
      throw new DOMException('full', 'QuotaExceededError');
    });
    await store.write([{ type: 'message', chatId: 6, message: message(600) }]);
    spy.mockRestore();
    const [floor, ids] = await idsOf(store, Infinity, 1000);
    expect([floor, ids.length, ids.at(-1)]).toEqual([310, 201, 600]);
    store.close();
  });

  it('that fails does not stop the client, which begins afresh the next time', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const store = indexedDbStore({ name: 'a broken one' });
    const errors: unknown[] = [];
    const options = { store, account: 'ada', onError: (error: unknown) => errors.push(error) };
    const device = await onlineDevice(ada, options);
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('broken', 'UnknownError');
    });
    await ada.send(chatId, 'one');
    await expect.poll(() => errors.length).toBe(1);
    spy.mockRestore();
    await ada.send(chatId, 'two');
    await expect.poll(() => texts(device, chatId)).toEqual(['one', 'two']);
    device.close();
    const again = deviceOf(ada, options);
    await online(again);
    await again.chat(chatId).messages().loadOlder();
    expect(texts(again, chatId)).toEqual(['one', 'two']);
  });

  it('is empty after a sign-out', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    await ada.openGroup([bob]);
    const store = indexedDbStore({ name: 'signed out' });
    const device = await onlineDevice(ada, { store, account: 'ada' });
    await device.signOut();
    const account = await store('ada');
    expect(await account.load()).toBeUndefined();
    account.close();
  });
});
