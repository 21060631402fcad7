import { expect, it } from 'vitest';
import { describeInBrowser, useBrowser, WEB_PAGE } from '../support/browser.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();

const two = () => browsers.two(urlOf(test, 'http'));

describeInBrowser("what is one's own about chats, in the browser", () => {
  it('a draft is told to the server, and goes with the message', async () => {
    const { ada, bob } = await two();
    await ada.composer.fill('not finished');
    const drafts = async () =>
      (await test.db.chatParticipant.findMany({ select: { draft: true } })).flatMap(({ draft }) => draft ?? []);
    await expect.poll(drafts, { timeout: 10_000 }).toEqual(['not finished']);
    await ada.composer.press('Enter');
    await bob.expectTexts(['hello', 'not finished']);
    await expect.poll(drafts, { timeout: 10_000 }).toEqual([]);
  });

  it('a chat is marked as unread, and read again', async () => {
    const { bob } = await two();
    await bob.page.getByRole('button', { name: 'More' }).first().click();
    await bob.page.getByRole('menuitem', { name: 'Mark as unread' }).click();
    await bob.page.getByText('Marked as unread').waitFor({ state: 'attached' });
    await bob.page.locator('.chat').first().click();
    await bob.page.getByText('Marked as unread').waitFor({ state: 'detached' });
  });

  it('a reminder that is due is shown until it is dismissed', async () => {
    const { bob } = await two();
    await bob.page.locator('.row').first().hover();
    await bob.page.getByRole('button', { name: 'Message actions' }).first().click();
    await bob.page.getByRole('menuitem', { name: 'Remind me tomorrow' }).click();
    await expect.poll(() => test.db.reminder.count({ where: { state: 'waiting' } })).toBe(1);
    await test.db.$executeRaw`update public.reminder set remind_at = now(), due_at = now() where state = 'waiting'`;
    const notice = bob.page.locator('.reminders', { hasText: 'hello' });
    await notice.waitFor();
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(await test.db.reminder.count({ where: { state: 'due' } })).toBe(0);
  });

  it('a folder is made, has a chat, and is chosen', async () => {
    const { ada } = await two();
    await ada.page.getByRole('link', { name: 'Settings' }).click();
    await ada.page.getByLabel('Name of a new folder').fill('Work');
    await ada.page.getByRole('region', { name: 'Folders' }).getByRole('button', { name: 'Add' }).click();
    await ada.page.getByRole('radio', { name: 'Work' }).check({ force: true });
    await ada.page.getByText('No chat is in this folder').waitFor();
    await ada.page.getByRole('radio', { name: 'All' }).first().check({ force: true });
    await ada.page.locator('.chat').first().click();
    await ada.page.getByRole('button', { name: 'More' }).first().click();
    await ada.page.getByRole('menuitem', { name: 'Put into Work' }).click();
    await ada.page.getByRole('radio', { name: 'Work' }).check({ force: true });
    await expect.poll(() => ada.page.locator('.chat').count()).toBe(1);
  });
});
