import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, useBrowser } from '../support/browser.js';
import { register, uniqueName } from '../support/client.js';
import { Host } from '../support/host.js';
import { urlOf, useServer } from '../support/socket.js';

const browsers = useBrowser();
const DIST = join(import.meta.dirname, '../../sdk/dist');

/** The page of an application with its own users: it shows a chat, and sends what is typed. */
const page = (server: string, chatId: number) => `<!doctype html>
<title>A shop</title><p id="state"></p><pre id="texts"></pre><input id="text">
<script type="module">
import { createClient } from './sdk/index.js';
const client = createClient({
  url: ${JSON.stringify(server)},
  getToken: async () => (await fetch('/token', { method: 'POST' })).text(),
});
const shown = (id, text) => { document.getElementById(id).textContent = text; };
const state = () => shown('state', client.connection.getSnapshot().state);
client.connection.subscribe(state);
state();
const chat = client.chat(${chatId});
const messages = chat.messages();
messages.subscribe(() => shown('texts', [...messages.getSnapshot()].map((m) => m.contents + ' ' + m.state).join('\\n')));
document.getElementById('text').onchange = ({ target }) => chat.send(target.value);
</script>`;

/** Serves the page, messenger-client, and tokens of the one user. */
async function openShop(html: string, token: () => Promise<string>): Promise<{ url: string; server: Server }> {
  const answer = async (path: string): Promise<[type: string, body: string]> => {
    if (path === '/token') return ['text/plain', await token()];
    const file = join(DIST, basename(path));
    if (path.startsWith('/sdk/') && existsSync(file)) return ['text/javascript', readFileSync(file, 'utf8')];
    return ['text/html', html];
  };
  const server = createServer((request, response) => {
    void answer(request.url ?? '/').then(([type, body]) => response.setHeader('content-type', type).end(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

describeInBrowser('messenger-client in a page of another origin', () => {
  const listed = useServer({ corsOrigins: [/^http:\/\/localhost:\d+$/] });
  const unlisted = useServer();
  const shops: Server[] = [];
  beforeAll(() => {
    if (!existsSync(join(DIST, 'index.js'))) throw new Error('messenger-client is not built: npm run build');
  });
  afterAll(() => {
    for (const server of shops) server.close();
  });

  async function shopOf(test: typeof listed) {
    const [host, seller] = [await Host.of(test), await register(test)];
    const customer = `ext:${uniqueName()}`;
    await host.put(`/server/users/${customer}`, { name: 'A customer' });
    const members = [customer, String(seller.id)];
    const { chat } = (await host.put(`/server/chats/key:${uniqueName()}`, { members })).body;
    const token = async () => (await host.post(`/server/users/${customer}/token`, {})).body.access_token as string;
    const shop = await openShop(page(urlOf(test, 'http'), chat.id), token);
    shops.push(shop.server);
    const device = await browsers.device(shop.url);
    await device.page.goto('/');
    return { seller, chatId: chat.id as number, page: device.page };
  }

  it('works where CORS_ORIGINS lists it', async () => {
    const { seller, chatId, page } = await shopOf(listed);
    await expect.poll(() => page.locator('#state').textContent()).toBe('online');
    await seller.send(chatId, 'How can I help?');
    await page.locator('#text').fill('Where is my parcel?');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.locator('#texts').textContent())
      .toBe('How can I help? sent\nWhere is my parcel? sent');
    const { messages } = (await seller.get(`/chat/${chatId}/messages`)).body;
    expect(messages).toMatchObject([{ contents: 'How can I help?' }, { contents: 'Where is my parcel?' }]);
  });

  it('reaches nothing where it does not', async () => {
    const { seller, chatId, page } = await shopOf(unlisted);
    await seller.send(chatId, 'How can I help?');
    await page.locator('#text').fill('Hello?');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(2000);
    expect(await page.locator('#state').textContent()).not.toBe('online');
    expect(await page.locator('#texts').textContent()).not.toContain('How can I help?');
    expect((await seller.get(`/chat/${chatId}/messages`)).body.count).toBe(1);
  });
});
