import { beforeAll, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.js';
import { describeInBrowser, shoot, useBrowser, WEB_PAGE } from '../support/browser.js';
import { registerMany, type Person } from '../support/client.js';
import { Host } from '../support/host.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();

describeInBrowser('public groups in the browser', () => {
  beforeAll(async () => {
    const [owner, other] = (await registerMany(test, 2)) as [Person, Person];
    const host = await Host.of(test);
    // cspell:disable
    const groups = [
      ['Zebra crossing', null],
      [
        'Difference engines',
        'All about engines that count by differences, and about those who build them. Bring your own crank.',
      ],
      ['Gärten am Fluss', 'Wer gießt heute?'],
      ['A group with a name that is so long that no phone has room for all of it in one line', 'Short'],
      ['مرحبا', 'نقرأ كتابًا كل شهر'],
    ] as const;
    // cspell:enable
    for (const [name, description] of groups)
      await host.put(`/server/chats/key:${name}`, {
        ...{ name, description, public: true, owner: String(owner.id), members: [String(other.id)] },
      });
  });

  it('are made by a switch, found by words, and joined', async () => {
    const ada = await (await browsers.device(urlOf(test, 'http'))).signUp();
    const bob = await (await browsers.device(urlOf(test, 'http'))).signUp();
    await ada.page.getByRole('link', { name: 'New chat' }).first().click();
    await ada.page.getByLabel('Name or username').fill(bob.username);
    await ada.page.getByLabel(`Add ${bob.username} to a group`).check();
    await ada.page.getByLabel('Name of the group').fill('Llama walks');
    await ada.page.getByRole('button', { name: 'Create group' }).click();
    await ada.write('all here?');
    await ada.page.getByRole('button', { name: 'Llama walks' }).click();
    await ada.page.getByLabel('Nobody forwards messages').check();
    await ada.page.getByLabel('Public: everyone finds the group').check();
    await expect.poll(() => test.db.chat.count({ where: { name: 'Llama walks', is_public: true } })).toBe(1);
    for (const width of [390, 1280]) {
      await ada.page.setViewportSize({ width, height: 860 });
      await ada.page.getByLabel('Public: everyone finds the group').scrollIntoViewIfNeeded();
      await shoot(ada.page, `rules-${width}`);
    }

    const eve = await (await browsers.device(urlOf(test, 'http'))).signUp();
    const { page } = eve;
    await page.getByRole('link', { name: 'New chat' }).first().click();
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 860 });
      await shoot(page, `new-${width}`);
    }
    await page.getByRole('link', { name: 'Public groups' }).click();
    await page.getByText('Difference engines').waitFor();
    await expectAccessible(eve, 'public groups');
    const search = page.getByRole('searchbox', { name: 'Name or subject' });
    // One goes on by keyboard.
    await expect.poll(() => search.evaluate((element) => element === document.activeElement)).toBe(true);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 860 });
      await shoot(page, `groups-${width}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await search.fill('nothing like it');
    await page.getByText('Nothing found').waitFor();
    await search.fill('lla wal');
    await expect.poll(() => page.locator('.main .person').count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await eve.expectTexts(['all here?']);
    expect(new URL(page.url()).pathname).toMatch(/^\/c\/\d+$/);
    await page.goto('/groups');
    await page.getByRole('link', { name: 'Open the group: Llama walks' }).click();
    await eve.expectTexts(['all here?']);
  });

  it('stand from right to left', async () => {
    const device = await browsers.device(urlOf(test, 'http'), { locale: 'ar' });
    const [person] = (await registerMany(test, 1)) as [Person];
    await device.page.goto('/');
    await device.page.locator('input[autocomplete=username]').fill(person.username);
    await device.page.locator('input[type=password]').fill('correct horse battery staple');
    await device.page.locator('form button[type=submit]').click();
    await device.page.locator('.list h1').waitFor();
    await device.page.goto('/groups');
    await device.page.getByText('مرحبا').waitFor();
    for (const width of [390, 1280]) {
      await device.page.setViewportSize({ width, height: 860 });
      await shoot(device.page, `groups-ar-${width}`);
    }
    await expectAccessible(device, 'public groups in Arabic');
  });
});
