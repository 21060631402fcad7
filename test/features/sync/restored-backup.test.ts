import { beforeAll, expect, it } from 'vitest';
import { createLogger } from '../../../src/shared/logger.js';
import { useApp } from '../../support/app.js';
import { call, registerMany, type Person } from '../../support/client.js';
import { EventReader } from '../../support/event-reader.js';
import { Socket, listen } from '../../support/socket.js';
import { writtenLines } from '../../support/written-lines.js';

const { destination, written } = writtenLines();
const test = useApp({}, { log: createLogger('warn', destination) });
beforeAll(() => listen(test));

const warnings = () => written.filter((line) => line.includes('npm run epoch:rotate'));

/** A chat that has come to pts 4 when the backup of it at pts 2 is restored. */
async function restored(): Promise<{ ada: Person; bob: Person; chatId: number; before: string; epoch: string }> {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openGroup([bob]);
  const kept = await ada.send(chatId, 'in the backup');
  await ada.send(chatId, 'after it');
  await ada.send(chatId, 'after it, too');
  const reader = await EventReader.open(bob);
  const before = await reader.id();
  reader.close();
  const { body } = await bob.post('/sync', { epoch: null, chats: {} });
  const id = BigInt(chatId);
  await test.db.chat.update({ where: { id }, data: { last_pts: 2, last_message_id: BigInt(kept.id) } });
  await test.db.message.deleteMany({ where: { chat_id: id, pts: { gt: 2 } } });
  return { ada, bob, chatId, before, epoch: body.epoch };
}

it('a client that is ahead is told to take the chat afresh, and goes on from there', async () => {
  const { ada, bob, chatId, epoch } = await restored();
  const socket = await Socket.of(bob);
  const { data } = await socket.ask({ type: 'sync', epoch, chats: { [chatId]: 4 } });
  expect(data).toMatchObject({ epoch, joined: [], left: [], has_more: false });
  expect(data.chats).toMatchObject([{ chat_id: chatId, pts: 2, too_long: true, has_more: false, changes: [] }]);
  const { messages } = (await bob.get(`/chat/${chatId}/messages?order=desc`)).body;
  expect(messages).toMatchObject([{ contents: 'in the backup' }]);
  await ada.send(chatId, 'since');
  expect(await socket.take('message.created')).toMatchObject({ pts: 3, data: { contents: 'since' } });
  expect((await bob.post('/sync', { epoch, chats: { [chatId]: 2 } })).body.chats).toMatchObject([
    { pts: 3, too_long: false, changes: [{ data: { contents: 'since' } }] },
  ]);
});

it('a stream says so too, and goes on from there', async () => {
  const { ada, bob, chatId, before } = await restored();
  const stream = await EventReader.open(bob, before);
  expect(await stream.event()).toEqual({ type: 'chat.too_long', chat_id: chatId, pts: 2 });
  await ada.send(chatId, 'since');
  expect(await stream.event()).toMatchObject({ type: 'message.created', pts: 3, data: { contents: 'since' } });
});

it('is one line in the log, however many clients claim to be ahead, and leaves the epoch as it is', async () => {
  const { ada, bob, chatId, epoch } = await restored();
  for (const person of [ada, bob, ada]) {
    const { body } = await person.post('/sync', { epoch, chats: { [chatId]: Number.MAX_SAFE_INTEGER } });
    expect(body).toMatchObject({ epoch, chats: [{ too_long: true }] });
  }
  expect(warnings()).toHaveLength(1);
  expect((await test.db.syncEpoch.findFirstOrThrow()).epoch).toBe(epoch);
});

it('is no line when a client is behind, or shows another epoch', async () => {
  // With a log of its own, in which nothing has been said yet.
  const { app } = await test.another({}, { log: createLogger('warn', destination) });
  const before = warnings().length;
  const { bob, chatId, epoch } = await restored();
  for (const body of [
    { epoch, chats: { [chatId]: 1 } },
    { epoch, chats: { [chatId]: 2 } },
    { epoch: 'another', chats: { [chatId]: 9 } },
    { epoch, chats: { 2000000000: 9 } },
  ]) {
    expect((await call({ app }, 'POST', '/sync', { token: bob.token, body })).status).toBe(200);
  }
  expect(warnings()).toHaveLength(before);
});
