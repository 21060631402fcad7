import { expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.js';
import { describeInBrowser, useBrowser, WEB_PAGE } from '../support/browser.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1440, height: 900 } };

describeInBrowser('every page', () => {
  it.each([
    ['light', DESKTOP, 'en'],
    ['dark', DESKTOP, 'en'],
    ['light', PHONE, 'en'],
    ['dark', PHONE, 'ar'],
  ] as const)('has nothing that axe-core finds: %s, %o, %s', async (colorScheme, size, locale) => {
    const url = urlOf(test, 'http');
    const ada = await browsers.device(url, { colorScheme, ...size });
    for (const path of ['/login', '/register', '/forgot', '/reset']) {
      await ada.page.goto(path);
      await ada.page.getByRole('heading').waitFor();
      await expectAccessible(ada, path);
    }
    const bob = await (await browsers.device(url)).signUp();
    await ada.signUp();
    await expectAccessible(ada, 'no chats');
    await ada.openChatWith(bob.username);
    await ada.write('hello `code` https://example.com');
    await bob.openChat(ada.username);
    await bob.write('hi');
    const { page } = ada;
    await ada.page.locator('.row').nth(1).waitFor();
    if (locale === 'ar') {
      await page.evaluate(() => {
        localStorage.setItem('messenger.language', 'ar');
      });
      await page.reload();
      await page.locator('.row').nth(1).waitFor();
      expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    }
    await expectAccessible(ada, 'a chat');
    const chat = new URL(page.url()).pathname;
    const shown = {
      ...{ '/': '.list h1', '/archive': '.list h1', '/new': '.main h1', '/settings': '.main h1' },
      ...{ [`${chat}/info`]: '.details h1', '/c/999999': '.main h1' },
    };
    for (const [path, heading] of Object.entries(shown)) {
      await page.goto(path);
      await page.locator(heading).first().waitFor();
      await page.waitForTimeout(300);
      await expectAccessible(ada, path);
    }
    await page.goto(chat);
    await page.locator('.row').nth(1).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await expectAccessible(ada, 'the switcher');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('.messages-scroller').focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await expectAccessible(ada, 'the keys');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('.bar .menu > button').click();
    await expectAccessible(ada, 'a menu');
  });
});
