import { expect, it, onTestFinished } from 'vitest';
import { registerMany, type Person } from '../../test/support/client.js';
import { useServer } from '../../test/support/socket.js';
import { reportDelivered, type ReceiptTimes } from '../src/receipts/index.js';
import { onlineDevice } from './support/device.js';

const test = useServer();

async function reporting(person: Person, times: ReceiptTimes = {}) {
  const client = await onlineDevice(person);
  onTestFinished(reportDelivered(client, { pauseMs: 10, ...times }));
  return client;
}

it('says what has been received, before and after it began, and never what is the own', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openPrivate(bob);
  const receipts = async (id: number) => (await ada.get(`/message/${id}/receipts`)).body;
  const before = await ada.send(chatId, 'before');
  const client = await reporting(bob);
  await expect.poll(() => receipts(before.id)).toMatchObject({ delivered: [bob.shown], read: [] });
  const after = await ada.send(chatId, 'after');
  await expect.poll(() => receipts(after.id)).toMatchObject({ delivered: [bob.shown], read: [] });
  const own = await bob.send(chatId, 'mine');
  await expect.poll(() => client.chat(chatId).info.getSnapshot()?.last?.id).toBe(own.id);
  const mark = async () => {
    const where = { chat_id_user_id: { chat_id: BigInt(chatId), user_id: BigInt(bob.id) } };
    return Number((await test.db.chatParticipant.findUniqueOrThrow({ where })).delivered_message_id);
  };
  expect(await mark()).toBe(after.id);
});

it('says it seldom in a large chat, and says the last of it', async () => {
  const [ada, bob, ...others] = (await registerMany(test, 101)) as [Person, Person, ...Person[]];
  const chatId = await ada.openGroup([bob, ...others]);
  const delivered = async (id: number) => (await ada.get(`/message/${id}/receipts`)).body.delivered_count;
  await reporting(bob, { largePauseMs: 400 });
  const first = await ada.send(chatId, 'first');
  await expect.poll(() => delivered(first.id)).toBe(1);
  const second = await ada.send(chatId, 'second');
  const third = await ada.send(chatId, 'third');
  await expect.poll(() => delivered(third.id)).toBe(1);
  expect(await delivered(second.id)).toBe(1);
});

it('ends when it is told to', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const chatId = await ada.openPrivate(bob);
  const client = await onlineDevice(bob);
  reportDelivered(client, { pauseMs: 0 })();
  const { id } = await ada.send(chatId, 'hello');
  await expect.poll(() => client.chat(chatId).info.getSnapshot()?.last?.id).toBe(id);
  expect((await ada.get(`/message/${id}/receipts`)).body).toMatchObject({ delivered_count: 0 });
});
