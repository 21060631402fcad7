import 'fake-indexeddb/auto';
import { afterAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { registerMany, type Person } from '../../test/support/client.js';
import { insertMessages } from '../../test/support/insert-messages.js';
import { useServer } from '../../test/support/socket.js';
import { openPrivate } from '../src/open-chat.js';
import { indexedDbStore } from '../src/indexeddb/index.js';
import type { MessengerClient } from '../src/messenger-client.js';
import { deviceOf, online, texts } from './support/device.js';
import { Locks } from './support/locks.js';
import { Network } from './support/network.js';

const test = useServer();

vi.stubGlobal('navigator', { locks: new Locks() });
afterAll(() => {
  vi.unstubAllGlobals();
});

/** Two people in a group, and tabs of the first one. */
async function withTabs(count: number) {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openGroup([bob]);
  const network = await Network.to(test);
  const sockets = { opened: 0 };
  class Counted extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols);
      sockets.opened++;
    }
  }
  const store = indexedDbStore({ name: `tabs ${Math.random()}` });
  const options = { url: network.url, account: 'ada', WebSocket: Counted as unknown as typeof globalThis.WebSocket };
  const open = () => deviceOf(ada, { ...options, store });
  const tabs: MessengerClient[] = [];
  for (let index = 0; index < count; index++) {
    tabs.push(open());
    await online(tabs[index]!);
  }
  return { ada, bob, chatId, network, sockets, tabs, open };
}

it('have one connection, and show the same', async () => {
  const { ada, bob, chatId, sockets, tabs } = await withTabs(3);
  const [first, second, third] = tabs as [MessengerClient, MessengerClient, MessengerClient];
  first.chat(chatId).send('of the first');
  second.chat(chatId).send('of the second');
  third.chat(chatId).send('of the third');
  await bob.send(chatId, 'of bob');
  const all = ['of bob', 'of the first', 'of the second', 'of the third'];
  for (const tab of tabs) {
    await expect.poll(() => texts(tab, chatId).toSorted()).toEqual(all.toSorted());
    expect(texts(tab, chatId)).toEqual(texts(first, chatId));
    await expect.poll(() => tab.me.getSnapshot()?.id).toBe(ada.id);
  }
  const mine = second
    .chat(chatId)
    .messages()
    .getSnapshot()
    .slice()
    .find(({ contents }) => contents === 'of the first');
  await expect.poll(() => second.outbox.getSnapshot()).toEqual([]);
  second.chat(chatId).edit(mine!.id!, 'edited');
  expect(texts(second, chatId)).toContain('edited (pending)');
  third.chat(chatId).markRead();
  await expect.poll(() => texts(first, chatId).includes('edited')).toBe(true);
  for (const tab of tabs) {
    await expect.poll(() => tab.unread.getSnapshot().messages).toBe(0);
    await expect.poll(() => tab.outbox.getSnapshot()).toEqual([]);
  }
  expect(sockets.opened).toBe(1);
});

it('carry out what one without the connection does in one turn in its order', async () => {
  const { bob, chatId, tabs } = await withTabs(2);
  const [first, second] = tabs as [MessengerClient, MessengerClient];
  const chat = second.chat(chatId);
  for (const text of ['to be edited', 'to be deleted']) chat.send(text);
  const idOf = (text: string) =>
    chat
      .messages()
      .getSnapshot()
      .slice()
      .find(({ contents }) => contents === text)?.id;
  await expect.poll(() => second.outbox.getSnapshot()).toEqual([]);
  const [edited, deleted] = [idOf('to be edited')!, idOf('to be deleted')!];
  chat.edit(edited, 'one');
  chat.edit(edited, 'two');
  chat.edit(deleted, 'no more');
  chat.delete(deleted);
  const key = chat.send('not yet');
  chat.edit(key, 'at last');
  const expected = ['two', 'at last'];
  for (const tab of [first, second]) {
    await expect.poll(() => texts(tab, chatId)).toEqual(expected);
    await expect.poll(() => tab.outbox.getSnapshot()).toEqual([]);
  }
  const { messages } = (await bob.get(`/chat/${chatId}/messages`)).body;
  expect(messages.map(({ contents }: { contents: string }) => contents)).toEqual(expected);
});

it('another one connects within a second when the one with the connection is closed, and nothing is lost', async () => {
  const { ada, bob, chatId, network, sockets, tabs } = await withTabs(2);
  const [first, second] = tabs as [MessengerClient, MessengerClient];
  network.down();
  await expect.poll(() => second.connection.getSnapshot().state).toBe('offline');
  first.chat(chatId).send('one');
  second.chat(chatId).send('two');
  await expect.poll(() => texts(second, chatId).toSorted()).toEqual(['one (pending)', 'two (pending)']);
  first.close();
  await bob.send(chatId, 'three');
  network.up();
  await expect.poll(() => second.connection.getSnapshot().state, { timeout: 1000 }).toBe('online');
  await expect.poll(() => texts(second, chatId).toSorted()).toEqual(['one', 'three', 'two']);
  expect(sockets.opened).toBeGreaterThan(1);
  const { body } = await ada.get(`/chat/${chatId}/messages`);
  expect(body.messages).toHaveLength(3);
});

it('one without the connection reads older messages, opens chats, and sees who writes and who is there', async () => {
  const { ada, bob, chatId, tabs, sockets } = await withTabs(2);
  const [first, second] = tabs as [MessengerClient, MessengerClient];
  await insertMessages(test, chatId, bob, 150);
  await bob.send(chatId, 'last');
  await expect.poll(() => texts(second, chatId).at(-1)).toBe('last');
  await second.chat(chatId).messages().loadOlder(300);
  await expect.poll(() => texts(second, chatId).length).toBe(151);
  const [eve] = (await registerMany(test, 1)) as [Person];
  const chat = await openPrivate(second, eve.id);
  await expect.poll(() => first.chat(chat.id).info.getSnapshot()?.title).toBe(eve.username);
  const presence = second.presence([bob.id]);
  const end = presence.subscribe(() => undefined);
  const theirs = deviceOf(bob);
  await online(theirs);
  await expect.poll(() => presence.getSnapshot().get(bob.id)?.online).toBe(true);
  theirs.chat(chatId).setTyping();
  await expect.poll(() => second.chat(chatId).typing.getSnapshot()).toEqual([bob.id]);
  second.chat(chatId).setTyping();
  await expect.poll(() => theirs.chat(chatId).typing.getSnapshot()).toEqual([ada.id]);
  await expect(second.chat(chatId).messages().loadOlder()).resolves.toBeUndefined();
  expect(sockets.opened).toBe(1);
  end();
});

it('all forget the user when one signs out', async () => {
  const { chatId, tabs, open } = await withTabs(2);
  const [first, second] = tabs as [MessengerClient, MessengerClient];
  await second.signOut();
  await expect.poll(() => first.connection.getSnapshot().state).toBe('unauthorized');
  for (const tab of tabs) {
    expect(tab.chats.getSnapshot().chats).toEqual([]);
    expect(texts(tab, chatId)).toEqual([]);
  }
  const again = open();
  await online(again);
  expect(again.chats.getSnapshot().chats).toHaveLength(1);
});
