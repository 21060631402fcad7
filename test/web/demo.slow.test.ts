import { expect, it } from 'vitest';
import { describeInBrowser, useBrowser, WEB_PAGE } from '../support/browser.js';
import { Host } from '../support/host.js';
import { urlOf, useServer } from '../support/socket.js';

const browsers = useBrowser();

describeInBrowser('the people of the demo world', () => {
  const test = useServer({ webPage: WEB_PAGE, development: true });

  it('are entered by one click, and stay after a reload', async () => {
    const host = await Host.of(test);
    for (const [id, name] of Object.entries({ ada: 'Ada Okafor', ben: 'Ben Lindqvist' })) {
      await host.put(`/server/users/ext:demo-${id}`, { name });
    }
    const members = ['ext:demo-ada', 'ext:demo-ben'];
    await host.put('/server/chats/key:bakery', { name: 'Corner bakery', members });
    const url = urlOf(test, 'http');
    const [ada, ben] = [await browsers.device(url), await browsers.device(url)];
    for (const [device, name] of [
      [ada, 'Ada Okafor'],
      [ben, 'Ben Lindqvist'],
    ] as const) {
      await device.page.goto('/');
      await device.page.getByRole('button', { name }).click();
      await device.openChat('Corner bakery');
    }
    await ada.write('Good morning');
    await ben.expectTexts(['Good morning']);
    await ben.page.reload();
    await ben.expectTexts(['Good morning']);
  });
});

describeInBrowser('a server that is not in development', () => {
  const test = useServer({ webPage: WEB_PAGE });

  it('lets nobody in by a click', async () => {
    const { page } = await browsers.device(urlOf(test, 'http'));
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByRole('button', { name: 'Ada Okafor' }).count()).toBe(0);
  });
});
