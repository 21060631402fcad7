import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { registerMany, type Person } from '../../test/support/client.js';
import { insertMessages } from '../../test/support/insert-messages.js';
import { schedule } from '../../test/support/scheduled.js';
import { useServer } from '../../test/support/socket.js';
import { openPrivate } from '../src/open-chat.js';
import { MessageLog } from '../src/message-log.js';
import { Topic } from '../src/topic.js';
import { viewOf } from '../src/view.js';
import { deviceOf, online, onlineDevice, texts } from './support/device.js';
import { Network } from './support/network.js';

const test = useServer();

async function pair() {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  return { ada, bob, chatId: await ada.openGroup([bob], 'a group') };
}

describe('a view', () => {
  it('is the same until something changes, and tells of many changes once', async () => {
    const topic = new Topic();
    const view = viewOf([topic], () => ({}));
    const first = view.getSnapshot();
    expect(view.getSnapshot()).toBe(first);
    let calls = 0;
    const end = view.subscribe(() => calls++);
    for (let times = 0; times < 10; times++) topic.touch();
    await Promise.resolve();
    expect(calls).toBe(1);
    expect(view.getSnapshot()).not.toBe(first);
    end();
    topic.touch();
    await Promise.resolve();
    expect(calls).toBe(1);
    expect(topic.isWatched).toBe(false);
  });

  it('says nothing when nothing came of a change', async () => {
    const topic = new Topic();
    const view = viewOf([topic], () => 1);
    let calls = 0;
    view.subscribe(() => calls++);
    topic.touch();
    await Promise.resolve();
    expect(calls).toBe(0);
  });
});

describe('a log of messages', () => {
  it('keeps its order, whatever is put where', () => {
    const ids = Array.from({ length: 2000 }, (_, index) => (index * 7919) % 2003);
    let log = MessageLog.of(ids.map((id) => ({ id })));
    const sorted = ids.toSorted((one, other) => one - other);
    expect([...log].map(({ id }) => id)).toEqual(sorted);
    expect(sorted.map((_, index) => log.at(index)?.id)).toEqual(sorted);
    expect(log.at(-1)).toBeUndefined();
    expect(log.at(2000)).toBeUndefined();
    expect(log.countBelow(1000)).toBe(sorted.filter((id) => id < 1000).length);
    for (const id of ids.slice(0, 1000)) log = log.remove(id);
    expect([...log].map(({ id }) => id)).toEqual(ids.slice(1000).toSorted((one, other) => one - other));
    expect([...log.backwards()].map(({ id }) => id)).toEqual([...log].map(({ id }) => id).toReversed());
  });

  it('of 100,000 messages takes one more as quickly as a short one', () => {
    let log = MessageLog.of(Array.from({ length: 100_000 }, (_, id) => ({ id })));
    const start = performance.now();
    for (let id = 100_000; id < 101_000; id++) {
      log = log.put({ id });
      expect(log.length).toBe(id + 1);
    }
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('a window of messages', () => {
  it('begins with the newest, grows at both ends, and never has a gap', async () => {
    const { ada, bob, chatId } = await pair();
    await insertMessages(test, chatId, bob, 450);
    const device = await onlineDevice(ada);
    const window = device.chat(chatId).messages({ limit: 30 });
    const end = window.subscribe(() => undefined);
    await expect.poll(() => window.getSnapshot().length).toBeGreaterThanOrEqual(30);
    const ids = () =>
      window
        .getSnapshot()
        .slice()
        .map(({ id }) => id);
    const contents = () =>
      window
        .getSnapshot()
        .slice()
        .map((each) => each.contents);
    expect(contents().at(-1)).toBe('m450');
    await ada.send(chatId, 'new');
    await expect.poll(() => contents().at(-1)).toBe('new');
    const before = window.getSnapshot().length;
    await window.loadOlder(200);
    expect(window.getSnapshot().length).toBe(before + 200);
    while (window.getSnapshot().hasOlder) await window.loadOlder();
    expect(contents()).toEqual([...Array.from({ length: 450 }, (_, n) => `m${n + 1}`), 'new']);
    const third = window.getSnapshot().at(2)!;
    expect(window.getSnapshot().indexOf(third.id!)).toBe(2);
    await bob.delete(`/message/${third.id}`);
    await expect.poll(() => ids().includes(third.id)).toBe(false);
    expect(window.getSnapshot().at(5)).toBe(window.getSnapshot().at(5));
    end();
  });

  it('begins again where too much was missed', async () => {
    const { ada, bob, chatId } = await pair();
    await insertMessages(test, chatId, bob, 20);
    const network = await Network.to(test);
    const device = await onlineDevice(ada, { url: network.url });
    const window = device.chat(chatId).messages({ limit: 10 });
    window.subscribe(() => undefined);
    await expect.poll(() => window.getSnapshot().length).toBeGreaterThanOrEqual(10);
    network.down();
    await insertMessages(test, chatId, bob, 1200, ' later');
    network.up();
    await expect.poll(() => window.getSnapshot().at(-1)?.contents).toBe('m1200 later');
    await window.loadOlder(100);
    const contents = window
      .getSnapshot()
      .slice()
      .map((each) => each.contents);
    expect(contents).toEqual(contents.map((_, index) => `m${1200 - contents.length + index + 1} later`));
    expect(device.unread.getSnapshot().messages).toBe(1000);
  });

  it('a page that was read before a change is brought up to date', async () => {
    const { ada, bob, chatId } = await pair();
    const first = await bob.send(chatId, 'first');
    const second = await bob.send(chatId, 'second');
    await bob.send(chatId, 'third');
    const network = await Network.to(test);
    const device = await onlineDevice(ada, { url: network.url });
    const loading = device.chat(chatId).messages().loadOlder();
    await Promise.all([bob.patch(`/message/${first.id}`, { contents: 'edited' }), bob.delete(`/message/${second.id}`)]);
    await loading;
    await expect.poll(() => texts(device, chatId)).toEqual(['edited', 'third']);
  });
});

describe('the list of chats', () => {
  it('has pinned ones first, then the last active one, and archived ones apart', async () => {
    const { ada, bob, chatId: one } = await pair();
    const [two, three] = [await ada.openGroup([bob], 'two'), await ada.openGroup([bob], 'three')];
    const device = await onlineDevice(ada);
    const order = () => device.chats.getSnapshot().chats.map(({ id }) => id);
    expect(order()).toEqual([three, two, one]);
    await bob.send(one, 'hello');
    await expect.poll(order).toEqual([one, three, two]);
    const list = device.chats.getSnapshot().chats;
    device.chat(two).settings({ pinned: true });
    expect(order()).toEqual([two, one, three]);
    // What has not changed is the same object.
    expect(device.chats.getSnapshot().chats[1]).toBe(list[0]);
    device.chat(three).settings({ archived: true });
    expect(order()).toEqual([two, one]);
    expect(device.chats.getSnapshot().archived.map(({ id }) => id)).toEqual([three]);
    await expect.poll(() => device.outbox.getSnapshot()).toEqual([]);
    expect(order()).toEqual([two, one]);
  });

  it('shows what others do: names, people, a removal', async () => {
    const { ada, bob, chatId } = await pair();
    const privateId = await ada.openPrivate(bob);
    const device = await onlineDevice(ada);
    const titles = () =>
      device.chats
        .getSnapshot()
        .chats.map(({ title }) => title)
        .sort();
    expect(titles()).toEqual(['a group', bob.username].sort());
    await bob.patch('/user/me', { name: 'Bob' });
    await expect.poll(titles).toEqual(['Bob', 'a group']);
    const path = { chat_id: chatId };
    await device.ask('PATCH', '/chat/{chat_id}', { path, body: { name: 'renamed' } });
    await expect.poll(titles).toEqual(['Bob', 'renamed']);
    const { participants } = device.chat(chatId);
    const end = participants.subscribe(() => undefined);
    await expect
      .poll(() =>
        participants
          .getSnapshot()
          ?.map(({ id }) => id)
          .sort(),
      )
      .toEqual([ada.id, bob.id].sort());
    await device.ask('DELETE', '/chat/{chat_id}/participants/{user_id}', { path: { ...path, user_id: bob.id } });
    await expect.poll(() => participants.getSnapshot()?.map(({ id }) => id)).toEqual([ada.id]);
    await device.ask('POST', '/chat/{chat_id}/participants', { path, body: { user_ids: [bob.id] } });
    await expect.poll(() => participants.getSnapshot()?.length).toBe(2);
    end();
    await device.ask('DELETE', '/chat/{chat_id}/participants/{user_id}', { path: { ...path, user_id: ada.id } });
    await expect.poll(() => device.chats.getSnapshot().chats.map(({ id }) => id)).toEqual([privateId]);
    expect(device.chat(chatId).info.getSnapshot()).toBeUndefined();
  });

  it('is given who takes part, and what was said, when they could not be had at once', async () => {
    const { ada, bob, chatId } = await pair();
    for (const text of ['1', '2', '3']) await bob.send(chatId, text);
    const device = await onlineDevice(ada);
    const fetch = vi.spyOn(globalThis, 'fetch');
    onTestFinished(() => {
      fetch.mockRestore();
    });
    fetch.mockRejectedValueOnce(new TypeError('gone')).mockRejectedValueOnce(new TypeError('gone'));
    const { participants } = device.chat(chatId);
    const window = device.chat(chatId).messages();
    const ends = [participants.subscribe(() => undefined), window.subscribe(() => undefined)];
    await expect.poll(() => participants.getSnapshot()?.length).toBe(2);
    await expect.poll(() => window.getSnapshot().length).toBe(3);
    for (const end of ends) end();
  });

  it('counts again when an unread message that is not held was deleted', async () => {
    const { ada, bob, chatId } = await pair();
    const first = await bob.send(chatId, '1');
    for (const text of ['2', '3']) await bob.send(chatId, text);
    const device = await onlineDevice(ada);
    expect(device.unread.getSnapshot().messages).toBe(3);
    await bob.delete(`/message/${first.id}`);
    await expect.poll(() => device.unread.getSnapshot().messages).toBe(2);
  });

  it('shows the message before when the last one was deleted', async () => {
    const { ada, bob, chatId } = await pair();
    await bob.send(chatId, 'first');
    const { id } = await bob.send(chatId, 'second');
    const device = await onlineDevice(ada);
    const last = () => device.chat(chatId).info.getSnapshot()?.last?.contents;
    expect(last()).toBe('second');
    await bob.delete(`/message/${id}`);
    await expect.poll(last).toBe('first');
  });
});

describe('people', () => {
  it('are found, blocked, and asked for when somebody wants to know who it is', async () => {
    const { ada, bob } = await pair();
    const device = await onlineDevice(ada);
    await bob.patch('/user/me', { bio: 'hello' });
    const end = device.people.subscribe(() => undefined);
    device.people.getSnapshot().get(bob.id);
    await expect.poll(() => device.people.getSnapshot().get(bob.id)).toMatchObject({ username: bob.username });
    const query = { q: bob.username, limit: 20 };
    expect((await device.ask('GET', '/user/search', { query })).users).toMatchObject([{ id: bob.id }]);
    const path = { user_id: bob.id };
    await device.ask('PUT', '/user/blocks/{user_id}', { path });
    await expect.poll(() => device.blocked.getSnapshot()).toMatchObject([{ id: bob.id }]);
    await device.ask('DELETE', '/user/blocks/{user_id}', { path });
    await expect.poll(() => device.blocked.getSnapshot()).toEqual([]);
    await device.updateMe({ name: 'Ada' });
    expect(device.me.getSnapshot()).toMatchObject({ name: 'Ada' });
    await expect(openPrivate(device, 1e9)).rejects.toMatchObject({ name: 'MessengerError', status: 400 });
    end();
  });

  it('are there or not, as long as somebody looks, and after a lost connection', async () => {
    const { ada, bob } = await pair();
    const network = await Network.to(test);
    const device = await onlineDevice(ada, { url: network.url });
    const presence = device.presence([bob.id]);
    const end = presence.subscribe(() => undefined);
    await expect.poll(() => presence.getSnapshot().get(bob.id)?.online).toBe(false);
    const theirs = deviceOf(bob);
    await online(theirs);
    await expect.poll(() => presence.getSnapshot().get(bob.id)?.online).toBe(true);
    network.down();
    await expect.poll(() => presence.getSnapshot().size).toBe(0);
    network.up();
    await expect.poll(() => presence.getSnapshot().get(bob.id)?.online).toBe(true);
    end();
  });
});

describe('what is of the user alone', () => {
  it('has each scheduled message by its id, also those of one thread', async () => {
    const { ada, chatId } = await pair();
    const device = await onlineDevice(ada);
    // The message has another id than any of the scheduled ones.
    await insertMessages(test, chatId, ada, 50);
    const { id: thread_id } = await ada.send(chatId, 'what do you think?');
    const later = () => schedule(ada, chatId, { thread_id }).then(({ body }) => body as { id: number });
    const [first, second] = [await later(), await later()];
    const scheduled = () => [first, second].map(({ id }) => device.own.getSnapshot()?.[`scheduled:${id}`]);
    await expect.poll(scheduled).toEqual([first, second]);
    await ada.delete(`/scheduled/${first.id}`);
    await expect.poll(scheduled).toMatchObject([{ id: first.id, state: 'cancelled' }, second]);
    await ada.put(`/message/${thread_id}/thread/follow`);
    await expect.poll(() => device.own.getSnapshot()?.[`thread:${thread_id}`]).toMatchObject({ following: true });
    expect(scheduled()).toMatchObject([{ state: 'cancelled' }, second]);
  });
});
