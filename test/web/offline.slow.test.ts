import { expect, it } from 'vitest';
import { describeInBrowser, useBrowser, WEB_PAGE } from '../support/browser.js';
import { emptyFolder, environment, Server } from '../support/server.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();
const PORT = '18873';

describeInBrowser('without a network', () => {
  it('reads and writes, opens the page, and sends everything once when the server is back', async () => {
    const settings = { ...(await environment()), PORT, WEB_PAGE: 'on' };
    const folder = await emptyFolder();
    let server = await Server.start(settings, folder);
    const [ada, bob] = [
      await (await browsers.device(server.url)).signUp(),
      await (await browsers.device(server.url)).signUp(),
    ];
    await ada.openChatWith(bob.username);
    await ada.write('one');
    await bob.openChat(ada.username);
    await bob.expectTexts(['one']);
    await ada.page.evaluate(() => navigator.serviceWorker.ready);

    await server.kill('SIGKILL');
    await ada.page.locator('.connection', { hasText: 'Offline: you can read and write' }).waitFor();
    await ada.write('two, offline');
    await bob.write('three, offline');
    await ada.expectTexts(['one', 'two, offline']);
    await ada.page.locator('.row-own').getByLabel('Waiting to be sent').waitFor();
    await ada.page.goto('/');
    await ada.page.getByLabel('1 message waits to be sent').waitFor();
    await ada.openChat(bob.username);
    await ada.expectTexts(['one', 'two, offline']);

    server = await Server.start(settings, folder);
    await expect.poll(() => ada.texts(), { timeout: 60_000 }).toHaveLength(3);
    await expect.poll(() => bob.texts(), { timeout: 60_000 }).toHaveLength(3);
    const texts = await ada.texts();
    expect(new Set(texts)).toEqual(new Set(['one', 'two, offline', 'three, offline']));
    await bob.expectTexts(texts);
    await expect.poll(() => ada.page.locator('.connection').innerText()).toBe('');
    await ada.page.reload();
    await ada.expectTexts(texts);
  });

  it('signs out, and the session ends once there is a network again', async () => {
    const ada = await (await browsers.device(urlOf(test, 'http'))).signUp();
    const sessions = () => test.db.session.count({ where: { user: { username: ada.username }, ended_at: null } });
    await ada.page.goto('/settings');
    const signOut = ada.page.getByRole('button', { name: 'Sign out' });
    await signOut.waitFor();
    await ada.context.setOffline(true);
    await signOut.click();
    await ada.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    expect(await sessions()).toBe(1);
    await ada.context.setOffline(false);
    await expect.poll(sessions).toBe(0);
    await expect.poll(() => ada.context.cookies()).toEqual([]);
  });
});
