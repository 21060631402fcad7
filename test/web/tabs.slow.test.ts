import { expect, it } from 'vitest';
import { describeInBrowser, Device, useBrowser, WEB_PAGE } from '../support/browser.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();
const TABS = 10;

describeInBrowser('many tabs of one user', () => {
  it('show the same, each message once, also when some are closed, and all end when one signs out', async () => {
    const url = urlOf(test, 'http');
    const { ada, bob } = await browsers.two(url, '0');
    const address = ada.page.url();
    const tabs = [ada];
    while (tabs.length < TABS) {
      const tab = new Device(ada.context, await ada.context.newPage());
      await tab.page.goto(address);
      await tab.expectTexts(['0']);
      tabs.push(tab);
    }
    const expected = ['0'];
    const say = async (who: Device) => {
      const text = String(expected.length);
      expected.push(text);
      await who.write(text);
      await bob.expectTexts(expected);
    };
    for (const tab of tabs) await say(tab);
    await say(bob);
    for (const tab of tabs) await tab.expectTexts(expected);

    // The first one has the connection.
    const [first, ...others] = tabs;
    await first?.page.close();
    await say(bob);
    for (const tab of others) await tab.expectTexts(expected);
    for (const tab of others.slice(0, 3)) await say(tab);
    for (const tab of others) await tab.expectTexts(expected);

    const [last, ...left] = others.reverse();
    await last?.page.goto('/settings');
    await last?.page.getByRole('button', { name: 'Sign out' }).click();
    for (const tab of left) await tab.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await expect.poll(() => left[0]?.page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  });

  it('keep what is changed in one that is closed while the one with the connection is frozen', async () => {
    const { ada, bob } = await browsers.two(urlOf(test, 'http'), 'hello');
    const address = ada.page.url();
    const open = async () => {
      const tab = new Device(ada.context, await ada.context.newPage());
      await tab.page.goto(address);
      return tab;
    };
    const other = await open();
    await other.expectTexts(['hello']);
    const chromium = await ada.context.newCDPSession(ada.page);
    // From its next statement on it does nothing more, as in a tab that the browser has frozen.
    await chromium.send('Debugger.enable');
    await chromium.send('Debugger.pause');
    await other.editLast('hello');
    await other.write('hello, all');
    await other.expectTexts(['hello, all']);
    await other.page.close({ runBeforeUnload: true });
    await expect.poll(() => other.page.isClosed()).toBe(true);
    expect(await bob.texts()).toEqual(['hello']);
    // It is in the store of the browser, for the next one that opens the page.
    const next = await open();
    await ada.page.close();
    await bob.expectTexts(['hello, all']);
    await next.expectTexts(['hello, all']);
  });
});
