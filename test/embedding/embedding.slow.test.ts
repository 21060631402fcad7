// Follows "An Express application" of docs/embedding.md.
import { expect, it } from 'vitest';
import { Browser } from './browser.js';
import { Shop } from './shop.js';

const MAX_LINES = 59;

it('an Express application gets a chat for two of its users', async () => {
  const shop = await Shop.start();
  expect(shop.printed.get('shop.mjs')!.trimEnd().split('\n').length).toBeLessThanOrEqual(MAX_LINES);

  // Ada's page is the one that is printed. She writes before Charles has ever come.
  const ada = await Browser.open(shop);
  const adasChat = await ada.followDocument();
  await expect.poll(() => ada.shown).toEqual(['When will my engine be ready?']);

  // He reads it, and what he answers comes to her by her socket.
  const charles = await Browser.open(shop);
  await charles.page.login('charles@example.com', 'charles makes them');
  const charlesChat = await charles.chatAbout(4711);
  await expect.poll(() => charles.shown).toEqual(ada.shown);
  await charlesChat.send('In 1991.');
  const both = ['When will my engine be ready?', 'In 1991.'];
  await expect.poll(() => [ada.shown, charles.shown]).toEqual([both, both]);
  await adasChat.send('So soon!');
  await expect.poll(() => charles.shown).toEqual([...both, 'So soon!']);

  // Both are in one chat, under the names that they have at the shop.
  const { chat_id } = (await (await ada.post('/orders/4711/chat')).json()) as { chat_id: number };
  const page = await charles.askMessenger(`/chat/${chat_id}/messages`);
  expect(page.body).toMatchObject({
    count: 3,
    authors: [
      { external_id: 'customer-1815', name: 'Ada Lovelace' },
      { external_id: 'seller-1791', name: 'Charles Babbage' },
    ],
  });

  // What comes while a connection is lost is shown after it.
  ada.sockets.at(-1)!.terminate();
  await charlesChat.send('I began in 1834.');
  await expect.poll(() => ada.shown, { timeout: 10_000 }).toEqual([...both, 'So soon!', 'I began in 1834.']);
  expect(ada.sockets).toHaveLength(2);

  // Eve is a user of the shop, and not of this order: neither the shop nor the messenger lets her in.
  const eve = await Browser.open(shop);
  await eve.page.login('eve@example.com', 'eve buys nothing');
  await expect(eve.chatAbout(4711)).rejects.toThrow('The shop refused /orders/4711/chat: 404');
  expect((await eve.askMessenger('/user/me')).body).toMatchObject({ external_id: 'customer-1852' });
  const refusal = { status: 404, body: { details: { code: 'CHAT_DOES_NOT_EXIST' } } };
  expect(await eve.askMessenger(`/chat/${chat_id}/messages`)).toMatchObject(refusal);
  expect(await eve.askMessenger(`/chat/${chat_id}/message`, { contents: 'Me too!' })).toMatchObject(refusal);

  // A wrong password, and nobody, get nothing from the shop.
  const nobody = await Browser.open(shop);
  await expect(nobody.page.login('ada@example.com', 'eve buys nothing')).rejects.toThrow('/login: 401');
  await expect(nobody.page.login('nobody@example.com', '')).rejects.toThrow('/login: 401');
  expect((await nobody.post('/messenger-token')).status).toBe(401);
  expect((await nobody.post('/orders/4711/chat')).status).toBe(401);
  expect(charles.shown).toEqual([...both, 'So soon!', 'I began in 1834.']);
});
