import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { registerMany, type Person } from '../../test/support/client.js';
import { useServer } from '../../test/support/socket.js';
import type { MessengerClient } from '../src/messenger-client.js';
import {
  useChat,
  useChats,
  useConnection,
  useMe,
  useMessages,
  usePeople,
  usePresence,
  useReading,
  useTyping,
  useUnread,
} from '../src/react/index.js';
import { onlineDevice } from './support/device.js';

const test = useServer();

function Conversation({ client, chatId }: { readonly client: MessengerClient; readonly chatId: number }) {
  const chat = client.chat(chatId);
  const { messages } = useMessages(chat, { limit: 10 });
  const people = usePeople(client);
  useReading(chat);
  return h(
    'ol',
    { title: useChat(chat)?.title, 'data-typing': useTyping(chat).length },
    messages.slice().map(({ key, author_id, contents }) => {
      return h('li', { key }, `${people.get(author_id)?.name ?? ''}: ${contents}`);
    }),
  );
}

function Messenger({ client }: { readonly client: MessengerClient }) {
  const { chats } = useChats(client);
  const { messages } = useUnread(client);
  return h(
    'main',
    { className: useConnection(client).state, 'data-online': usePresence(client, [1, 2]).size },
    `${useMe(client)?.username} ${messages}`,
    chats.map(({ id }) => h(Conversation, { key: id, client, chatId: id })),
  );
}

it('hooks show what the client has', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openGroup([bob], 'a group');
  await bob.send(chatId, 'hello');
  const client = await onlineDevice(ada);
  await expect.poll(() => client.me.getSnapshot()).toBeDefined();
  const draw = () => renderToString(h(Messenger, { client })).replaceAll('<!-- -->', '');
  await expect.poll(draw).toContain(`<li>${bob.username}: hello</li>`);
  expect(draw()).toContain(
    `<main class="online" data-online="0">${ada.username} 1<ol title="a group" data-typing="0">`,
  );
  client.chat(chatId).send('hi');
  await expect.poll(draw).toContain('hi</li>');
});
