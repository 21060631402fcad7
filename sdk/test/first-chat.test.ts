import { expect, it } from 'vitest';
import { registerMany, type Person } from '../../test/support/client.js';
import { useServer } from '../../test/support/socket.js';
import { openPrivate } from '../src/index.js';
import { onlineDevice, texts } from './support/device.js';

const test = useServer();

it('two people converse', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const [hers, his] = [await onlineDevice(ada), await onlineDevice(bob)];
  const chat = await openPrivate(hers, bob.id);
  chat.send('hello');
  expect(texts(hers, chat.id)).toEqual(['hello (pending)']);
  await expect.poll(() => texts(his, chat.id)).toEqual(['hello']);
  await expect.poll(() => texts(hers, chat.id)).toEqual(['hello']);
  expect(his.chats.getSnapshot().chats).toMatchObject([{ id: chat.id, title: ada.username, unread_count: 1 }]);
  expect(his.unread.getSnapshot()).toEqual({ messages: 1, chats: 1 });
  his.chat(chat.id).markRead();
  expect(his.unread.getSnapshot()).toEqual({ messages: 0, chats: 0 });
  await expect.poll(() => his.outbox.getSnapshot()).toEqual([]);
  await expect.poll(() => hers.chat(chat.id).info.getSnapshot()?.read_marks[bob.id]).toBeGreaterThan(0);
  his.chat(chat.id).setTyping();
  await expect.poll(() => hers.chat(chat.id).typing.getSnapshot()).toEqual([bob.id]);
  expect(hers.me.getSnapshot()).toMatchObject({ username: ada.username });
});
