import { expect, it } from 'vitest';
import { grantAdmin } from '../../src/features/index.js';
import { describeInBrowser, useBrowser, WEB_PAGE, type Device } from '../support/browser.js';
import { call, tokenOf } from '../support/client.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();

const shot = async ({ page }: Device, name: string) => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` });
};

/** A group that Ada owns, which both have open, with a message of Bob's. */
async function group(): Promise<{ readonly ada: Device; readonly bob: Device }> {
  const url = urlOf(test, 'http');
  const [ada, bob] = [await (await browsers.device(url)).signUp(), await (await browsers.device(url)).signUp()];
  const { id } = await test.db.user.findFirstOrThrow({ where: { username: bob.username } });
  const body = { with_ids: [Number(id)], name: 'Engines' };
  expect(
    (await call(test, 'POST', '/chat/group/create', { token: await tokenOf(test, ada.username), body })).status,
  ).toBe(200);
  await bob.openChat('Engines');
  await bob.write('Buy!');
  await ada.openChat('Engines');
  await ada.expectTexts(['Buy!']);
  return { ada, bob };
}

describeInBrowser('moderation, in the browser', () => {
  it('a message is reported by one person, and deleted by an admin', async () => {
    const { ada, bob } = await group();
    const eve = await (await browsers.device(urlOf(test, 'http'))).signUp();
    await grantAdmin(test.db, eve.username);

    await ada.page.locator('.row', { hasText: 'Buy!' }).hover();
    await ada.page.getByRole('button', { name: 'Message actions' }).click();
    await ada.page.getByRole('menuitem', { name: 'Report' }).click();
    await ada.page.getByLabel('Spam').check();
    await ada.page.getByLabel('What else is to be known').fill('Again and again');
    await shot(ada, 'report');
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Report' }).click();
    await ada.page.getByText('Reported. Somebody will look at it.').waitFor();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

    await eve.page.goto('/settings');
    await eve.page.getByRole('link', { name: 'Reports' }).click();
    const item = eve.page.getByRole('listitem').filter({ hasText: 'Again and again' });
    await item.getByText('Buy!').waitFor();
    await item.getByRole('button', { name: 'Take it on' }).click();
    await item.getByLabel('Delete the message').check();
    await item.getByLabel('Reason').fill('Spam it is');
    await shot(eve, 'reports');
    await item.getByRole('button', { name: 'Do it' }).click();
    await eve.page.getByText('Nothing to look at').waitFor();
    for (const device of [ada, bob]) await device.expectTexts([]);
    expect(await test.db.report.findFirst({ where: { resolution: 'Spam it is' } })).toMatchObject({
      ...{ action: 'delete', text: 'Again and again', evidence: { versions: [{ contents: 'Buy!' }] } },
    });
  });

  it('somebody is restricted, in the shadow, banned, and free again', async () => {
    const { ada, bob } = await group();
    const choose = async (what: string) => {
      await ada.page.getByRole('button', { name: `More: ${bob.username}` }).click();
      await ada.page.getByRole('menuitem', { name: `${what} ${bob.username}` }).click();
      await ada.page.getByLabel('Reason').fill('too loud');
      await shot(ada, what.toLowerCase());
      await ada.page
        .getByRole('dialog')
        .getByRole('button', { name: `${what} ${bob.username}` })
        .click();
    };
    await ada.page.getByTitle('Details').click();
    await choose('Restrict');
    const lift = ada.page.getByRole('button', { name: `Lift: ${bob.username}` });
    await lift.waitFor();
    await bob.page.locator('.composer-closed').waitFor();
    await lift.click();
    await lift.waitFor({ state: 'detached' });
    await bob.write('thank you');
    await ada.expectTexts(['Buy!', 'thank you']);
    await choose('Shadow');
    await ada.page.getByRole('region', { name: 'In the shadow' }).getByText('too loud').waitFor();
    await bob.write('hidden');
    await bob.expectTexts(['Buy!', 'thank you', 'hidden']);
    await bob.page.getByLabel('Waiting to be sent').waitFor({ state: 'detached' });
    await lift.click();
    await lift.waitFor({ state: 'detached' });
    await bob.write('seen');
    await ada.expectTexts(['Buy!', 'thank you', 'seen']);
    await choose('Ban');
    await ada.page.getByRole('region', { name: 'Banned' }).getByText('too loud').waitFor();
    await bob.page.getByText('This chat is not here').waitFor();
    await lift.click();
    await lift.waitFor({ state: 'detached' });
    expect(await test.db.chatSanction.count()).toBe(0);
  });
});
