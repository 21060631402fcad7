import { describe, expect, it } from 'vitest';
import { registerMany, type Person } from '../../test/support/client.js';
import { useServer } from '../../test/support/socket.js';
import { memoryStore } from '../src/memory-store.js';
import { deviceOf, online, onlineDevice, texts } from './support/device.js';
import { Network } from './support/network.js';

const test = useServer();

/** Two people in a group, and a device of the first one behind a network that can be cut. */
async function behindNetwork() {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openGroup([bob]);
  const network = await Network.to(test);
  const options = { url: network.url, store: memoryStore(), account: 'ada' };
  const device = await onlineDevice(ada, options);
  return { ada, bob, chatId, network, options, device, chat: device.chat(chatId) };
}

async function contentsOf(person: Person, chatId: number): Promise<string[]> {
  const { body } = await person.get(`/chat/${chatId}/messages`);
  return (body.messages as { contents: string }[]).map(({ contents }) => contents);
}

describe('what is sent without a network', () => {
  it('outlives the page, and arrives once and in order', async () => {
    const { ada, bob, chatId, network, options, device, chat } = await behindNetwork();
    network.down();
    for (const text of ['1', '2', '3']) chat.send(text);
    expect(texts(device, chatId)).toEqual(['1 (pending)', '2 (pending)', '3 (pending)']);
    device.close();
    const again = deviceOf(ada, options);
    await expect.poll(() => texts(again, chatId)).toEqual(['1 (pending)', '2 (pending)', '3 (pending)']);
    again.chat(chatId).send('4');
    network.up();
    await expect.poll(() => texts(again, chatId)).toEqual(['1', '2', '3', '4']);
    expect(await contentsOf(bob, chatId)).toEqual(['1', '2', '3', '4']);
    await expect.poll(() => again.outbox.getSnapshot()).toEqual([]);
  });

  it('outlives the page also when the store was being read meanwhile', async () => {
    const { ada, chatId, network, options, device } = await behindNetwork();
    network.down();
    device.close();
    const kept = await options.store('ada');
    const load = kept.load.bind(kept);
    kept.load = async () => {
      kept.load = load;
      const stored = await load();
      again.chat(chatId).send('meanwhile');
      return stored;
    };
    const again = deviceOf(ada, { ...options, store: () => Promise.resolve(kept) });
    await expect.poll(() => texts(again, chatId)).toEqual(['meanwhile (pending)']);
    again.close();
    const later = deviceOf(ada, options);
    await expect.poll(() => texts(later, chatId)).toEqual(['meanwhile (pending)']);
  });

  it('is not sent twice when the answer was lost, nor shown as failed meanwhile', async () => {
    const { ada, bob, chatId, network, options, device, chat } = await behindNetwork();
    network.swallowAnswers();
    chat.send('hello');
    await expect.poll(() => contentsOf(bob, chatId)).toEqual(['hello']);
    expect(texts(device, chatId)).toEqual(['hello (pending)']);
    network.down();
    device.close();
    const again = deviceOf(ada, options);
    await expect.poll(() => texts(again, chatId)).toEqual(['hello (pending)']);
    network.up();
    await expect.poll(() => texts(again, chatId)).toEqual(['hello']);
    expect(await contentsOf(bob, chatId)).toEqual(['hello']);
  });

  it('is not shown as failed when it had been sent before its author was removed, and the answer was lost', async () => {
    const { ada, bob, chatId, network, device, chat } = await behindNetwork();
    network.swallowAnswers();
    chat.send('hello');
    await expect.poll(() => contentsOf(bob, chatId)).toEqual(['hello']);
    network.down();
    await ada.delete(`/chat/${chatId}/participants/${ada.id}`);
    network.up();
    await expect.poll(() => device.chats.getSnapshot().chats).toEqual([]);
    await expect.poll(() => device.outbox.getSnapshot()).toEqual([]);
  });

  it('is sent as it was edited last, and not at all when it was deleted', async () => {
    const { bob, chatId, network, device, chat } = await behindNetwork();
    network.down();
    const [first, second] = [chat.send('hallo'), chat.send('nonsense')];
    chat.edit(first, 'hello');
    chat.delete(second);
    expect(texts(device, chatId)).toEqual(['hello (pending)']);
    network.up();
    await expect.poll(() => texts(device, chatId)).toEqual(['hello']);
    expect(await contentsOf(bob, chatId)).toEqual(['hello']);
  });

  it('is edited or deleted afterwards when an earlier try may have sent it', async () => {
    const { bob, chatId, network, device, chat } = await behindNetwork();
    network.swallowAnswers();
    const [first, second] = [chat.send('hallo'), chat.send('nonsense')];
    await expect.poll(() => contentsOf(bob, chatId)).toEqual(['hallo']);
    chat.edit(first, 'hello');
    network.down();
    network.up();
    await expect.poll(() => texts(device, chatId)).toEqual(['hello', 'nonsense']);
    chat.delete(second);
    await expect.poll(() => contentsOf(bob, chatId)).toEqual(['hello']);
    await expect.poll(() => texts(device, chatId)).toEqual(['hello']);
  });

  it('changes of messages, marks and settings wait as well', async () => {
    const { ada, bob, chatId, network, device, chat } = await behindNetwork();
    const [mine, , theirs] = [await ada.send(chatId, 'mine'), await ada.send(chatId, 'x'), await bob.send(chatId, 'y')];
    await expect.poll(() => texts(device, chatId)).toEqual(['mine', 'x', 'y']);
    network.down();
    chat.edit(mine.id, 'one');
    chat.edit(mine.id, 'two');
    chat.delete(mine.id + 1);
    chat.markRead(theirs.id);
    chat.settings({ pinned: true });
    chat.settings({ archived: true });
    expect(texts(device, chatId)).toEqual(['two (pending)', 'x (pending)', 'y']);
    expect(chat.info.getSnapshot()).toMatchObject({ pinned: true, archived: true, unread_count: 0 });
    network.up();
    await expect.poll(() => device.outbox.getSnapshot()).toEqual([]);
    expect(await contentsOf(bob, chatId)).toEqual(['two', 'y']);
    const { body } = await ada.get(`/chat/${chatId}`);
    expect(body).toMatchObject({ pinned: true, archived: true, unread_count: 0, last_read_message_id: theirs.id });
    expect(texts(device, chatId)).toEqual(['two', 'y']);
  });
});

describe('what the server refuses', () => {
  it('fails with a code, lets the rest pass, and is tried again or discarded', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openPrivate(bob);
    const device = await onlineDevice(ada);
    const chat = device.chat(chatId);
    await bob.put(`/user/blocks/${ada.id}`);
    const [first] = [chat.send('1'), chat.send('2')];
    await expect
      .poll(() => texts(device, chatId))
      .toEqual(['1 (NOT_ACCEPTING_MESSAGES)', '2 (NOT_ACCEPTING_MESSAGES)']);
    expect(chat.info.getSnapshot()).toMatchObject({ failed: 2, pending: 0 });
    chat.edit(first, 'one');
    await bob.delete(`/user/blocks/${ada.id}`);
    const [one, two] = chat.messages().getSnapshot();
    chat.retry(one!.waitingKey!);
    chat.discard(two!.waitingKey!);
    await expect.poll(() => texts(device, chatId)).toEqual(['one']);
    expect(await contentsOf(bob, chatId)).toEqual(['one']);
  });

  it('a deletion of what is gone already is done', async () => {
    const { ada, chatId, network, device, chat } = await behindNetwork();
    const { id } = await ada.send(chatId, 'hello');
    await expect.poll(() => texts(device, chatId)).toEqual(['hello']);
    network.down();
    chat.delete(id);
    await ada.delete(`/message/${id}`);
    network.up();
    await expect.poll(() => device.outbox.getSnapshot()).toEqual([]);
    expect(texts(device, chatId)).toEqual([]);
  });

  it('nothing is tried in a chat that one is not in any more without end', async () => {
    const { ada, bob, chatId, network, device, chat } = await behindNetwork();
    network.down();
    chat.send('too late');
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    await ada.delete(`/chat/${chatId}/participants/${ada.id}`);
    network.up();
    await expect
      .poll(() => device.outbox.getSnapshot())
      .toMatchObject([{ state: 'failed', error: 'CHAT_DOES_NOT_EXIST' }]);
    expect(device.chats.getSnapshot().chats).toEqual([]);
  });
});

describe('an edit that comes late', () => {
  it('does not overwrite what is newer', async () => {
    const { ada, bob, chatId, network, device, chat } = await behindNetwork();
    const { id } = await ada.send(chatId, 'one');
    await expect.poll(() => texts(device, chatId)).toEqual(['one']);
    network.down();
    chat.edit(id, 'of this device');
    await ada.patch(`/message/${id}`, { contents: 'of another device' });
    network.up();
    await expect.poll(() => texts(device, chatId)).toEqual(['of this device (CHANGED_MEANWHILE)']);
    expect(await contentsOf(bob, chatId)).toEqual(['of another device']);
    chat.retry(chat.messages().getSnapshot().at(0)!.waitingKey!);
    await expect.poll(() => texts(device, chatId)).toEqual(['of this device']);
    expect(await contentsOf(bob, chatId)).toEqual(['of this device']);
  });

  it('is not shown as failed when it had been done before its author was removed', async () => {
    const { ada, bob, chatId, network, device, chat } = await behindNetwork();
    const { id } = await ada.send(chatId, 'one');
    await expect.poll(() => texts(device, chatId)).toEqual(['one']);
    network.swallowAnswers();
    chat.edit(id, 'two');
    await expect.poll(() => contentsOf(bob, chatId)).toEqual(['two']);
    network.down();
    await ada.delete(`/chat/${chatId}/participants/${ada.id}`);
    network.up();
    await expect.poll(() => device.outbox.getSnapshot()).toEqual([]);
  });

  it('is known to be done when only its answer was lost', async () => {
    const { ada, bob, chatId, network, device, chat } = await behindNetwork();
    const { id } = await ada.send(chatId, 'one');
    await expect.poll(() => texts(device, chatId)).toEqual(['one']);
    network.swallowAnswers();
    chat.edit(id, 'two');
    await expect.poll(() => contentsOf(bob, chatId)).toEqual(['two']);
    network.down();
    network.up();
    await expect.poll(() => device.outbox.getSnapshot()).toEqual([]);
    expect(texts(device, chatId)).toEqual(['two']);
  });
});

describe('another user', () => {
  it('never gets what was kept, nor sends it', async () => {
    const { chatId, network, options, device, chat } = await behindNetwork();
    network.down();
    chat.send('secret');
    device.close();
    network.up();
    const [eve] = (await registerMany(test, 1)) as [Person];
    const theirs = deviceOf(eve, options);
    await online(theirs);
    expect(theirs.chats.getSnapshot().chats).toEqual([]);
    expect(theirs.outbox.getSnapshot()).toEqual([]);
    expect(texts(theirs, chatId)).toEqual([]);
    expect(await options.store('ada')).toBeDefined();
    expect(JSON.stringify(await (await options.store('ada')).load())).not.toContain('secret');
  });

  it('finds nothing after a sign-out', async () => {
    const { ada, network, options, device, chat } = await behindNetwork();
    network.down();
    chat.send('secret');
    await device.signOut();
    expect(device.connection.getSnapshot()).toEqual({ state: 'unauthorized', reason: 'SIGNED_OUT' });
    expect(device.chats.getSnapshot().chats).toEqual([]);
    expect(await (await options.store('ada')).load()).toBeUndefined();
    network.up();
    const again = deviceOf(ada, options);
    await online(again);
    expect(again.outbox.getSnapshot()).toEqual([]);
  });
});
