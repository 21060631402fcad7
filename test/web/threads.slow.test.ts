import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.js';
import { describeInBrowser, inEachLook, shoot, useBrowser, WEB_PAGE, type Device } from '../support/browser.js';
import { insertMessages } from '../support/insert-messages.js';
import { letAllCome } from '../support/scheduled.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();

const two = () => browsers.two(urlOf(test, 'http'));

const panel = ({ page }: Device) => page.getByRole('complementary', { name: 'Thread' });
const replyField = ({ page }: Device) => page.getByRole('textbox', { name: 'Reply in the thread' });
const threadTexts = (device: Device) => panel(device).locator('.row .text').allInnerTexts();
const mainTexts = ({ page }: Device) => page.locator('.main .row .text').allInnerTexts();
const line = ({ page }: Device) => page.locator('.main .thread-line');

async function reply(device: Device, text: string): Promise<void> {
  await replyField(device).fill(text);
  await replyField(device).press('Enter');
}

async function openThread({ page }: Device, text: string): Promise<void> {
  const row = page.locator('.main .row', { hasText: text });
  await row.hover();
  await row.getByRole('button', { name: 'Message actions' }).click();
  await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
}

describeInBrowser('threads in the browser', () => {
  it('two answer each other in a thread, which is unread and read beside the chat', async () => {
    const { ada, bob } = await two();
    await openThread(bob, 'hello');
    await reply(bob, 'first');
    await expect.poll(() => threadTexts(bob)).toEqual(['hello', 'first']);
    expect(await mainTexts(bob)).toEqual(['hello']);

    // Whose message it is follows its thread from the first reply on.
    await line(ada).getByText('1 reply').waitFor();
    await line(ada).getByLabel('1 unread message').waitFor();
    await ada.page.getByRole('link', { name: 'Threads 1 thread with something new' }).waitFor();
    expect(await mainTexts(ada)).toEqual(['hello']);
    await line(ada).click();
    await expect.poll(() => threadTexts(ada)).toEqual(['hello', 'first']);
    await panel(ada).getByText('New', { exact: true }).waitFor();
    expect(await panel(ada).getByRole('button', { name: 'Jump to the newest' }).count()).toBe(0);
    await line(ada).getByLabel('1 unread message').waitFor({ state: 'detached' });
    await ada.page.getByRole('link', { name: 'Threads', exact: true }).waitFor();

    await reply(ada, 'second');
    await expect.poll(() => threadTexts(bob)).toEqual(['hello', 'first', 'second']);
    await line(bob).getByText('2 replies').waitFor();

    // What one has written last is edited in its place.
    await replyField(ada).press('ArrowUp');
    await expect.poll(() => replyField(ada).inputValue()).toBe('second');
    await reply(ada, 'second, better');
    await expect.poll(() => threadTexts(bob)).toEqual(['hello', 'first', 'second, better']);
    await ada.page.keyboard.press('Escape');
    await panel(ada).waitFor({ state: 'detached' });
    await ada.write('beside it');
    await expect.poll(() => mainTexts(bob)).toEqual(['hello', 'beside it']);
    expect(await threadTexts(bob)).toEqual(['hello', 'first', 'second, better']);
  });

  it('has an address, is in the list of threads, and is left', async () => {
    const { ada, bob } = await two();
    await openThread(bob, 'hello');
    await bob.page.waitForURL(/\/c\/\d+\/t\/\d+$/);
    const address = bob.page.url();
    await panel(bob).getByRole('button', { name: 'Follow' }).click();
    await panel(bob).getByRole('button', { name: 'Unfollow' }).waitFor();
    await reply(bob, 'first');
    await ada.page.goto(address);
    await expect.poll(() => threadTexts(ada)).toEqual(['hello', 'first']);
    await ada.page.getByRole('link', { name: 'Threads' }).click();
    await ada.page.getByRole('heading', { name: 'Threads' }).waitFor();
    await expectAccessible(ada, 'the threads');
    await ada.page.locator('.threads').getByRole('link', { name: bob.username }).click();
    await expect.poll(() => threadTexts(ada)).toEqual(['hello', 'first']);
    await panel(ada).getByRole('button', { name: 'Unfollow' }).click();
    await ada.page.getByRole('link', { name: 'Threads' }).waitFor({ state: 'detached' });
    await reply(bob, 'not told of');
    await line(ada).getByText('2 replies').waitFor();
    expect(
      await line(ada)
        .getByLabel(/unread/)
        .count(),
    ).toBe(0);
  });

  it('a reply that is written without a network is sent later, and its draft survives', async () => {
    const { ada, bob } = await two();
    await openThread(bob, 'hello');
    await replyField(bob).fill('not finished');
    await bob.page.reload();
    await expect.poll(() => replyField(bob).inputValue()).toBe('not finished');
    expect(await bob.composer.inputValue()).toBe('');
    await bob.context.setOffline(true);
    await reply(bob, 'without a network');
    await panel(bob).getByLabel('Waiting to be sent').waitFor();
    await expect.poll(() => threadTexts(bob)).toEqual(['hello', 'without a network']);
    await bob.context.setOffline(false);
    await line(ada).getByText('1 reply').waitFor({ timeout: 20_000 });
    await panel(bob).getByLabel('Sent', { exact: true }).waitFor();
  });

  it('a reply is sent later, into its thread, and says so beside the chat when that is gone', async () => {
    const { ada, bob } = await two();
    await openThread(ada, 'hello');
    const scheduled = (place: Locator) => place.getByRole('region', { name: 'Scheduled messages' });
    const later = async (text: string) => {
      await replyField(ada).fill(text);
      await panel(ada).getByRole('button', { name: 'Send later' }).click();
      await ada.page.getByRole('menuitem', { name: 'In an hour' }).click();
      await scheduled(panel(ada)).getByText(text).waitFor();
    };
    await later('in an hour');
    await expect.poll(() => replyField(ada).inputValue()).toBe('');
    await shoot(ada.page, 'scheduled-in-thread');
    expect(await scheduled(ada.page.locator('.main')).count()).toBe(0);
    await letAllCome(test);
    await expect.poll(() => threadTexts(ada)).toEqual(['hello', 'in an hour']);
    await line(bob).getByText('1 reply').waitFor();
    expect(await mainTexts(bob)).toEqual(['hello']);
    await scheduled(panel(ada)).waitFor({ state: 'detached' });

    await later('too late');
    const row = ada.page.locator('.main .row', { hasText: 'hello' });
    await row.hover();
    await row.getByRole('button', { name: 'Message actions' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    await panel(ada).getByText('This thread is not here').waitFor();
    await letAllCome(test);
    await scheduled(ada.page.locator('.main')).getByText('too late').waitFor();
  });

  it('a thread further back than the copy goes is read from the server, and what comes is live', async () => {
    const { ada, bob } = await two();
    await openThread(bob, 'hello');
    await reply(bob, 'first');
    await line(ada).waitFor();
    const address = bob.page.url();
    const [chat, person] = await Promise.all([
      test.db.chat.findFirstOrThrow({ orderBy: { id: 'desc' } }),
      test.db.user.findFirstOrThrow({ where: { username: bob.username } }),
    ]);
    await insertMessages(test, Number(chat.id), { id: Number(person.id) }, 3000);
    // Another browser, whose copy is empty.
    const other = await (await browsers.device(urlOf(test, 'http'))).signIn(ada.username);
    await other.page.goto(address);
    await expect.poll(() => threadTexts(other)).toEqual(['hello', 'first']);
    await reply(other, 'second');
    await expect.poll(() => threadTexts(bob)).toEqual(['hello', 'first', 'second']);
    await expect.poll(() => threadTexts(other)).toEqual(['hello', 'first', 'second']);
  });

  it('a thread goes with its message, and what was said there stays', async () => {
    const { ada, bob } = await two();
    await openThread(bob, 'hello');
    await reply(bob, 'first');
    await line(ada).waitFor();
    const row = ada.page.locator('.row-own');
    await row.hover();
    await row.getByRole('button', { name: 'Message actions' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    await panel(bob).getByText('This thread is not here').waitFor();
    for (const device of [ada, bob]) await expect.poll(() => mainTexts(device)).toEqual(['first']);
    await bob.page.goto(bob.page.url().replace(/\d+$/, '999999'));
    await panel(bob).getByText('This thread is not here').waitFor();
  });

  it('has nothing that axe-core finds, in any size and colour', async () => {
    const { ada, bob } = await two();
    await openThread(bob, 'hello');
    await reply(bob, 'A first answer, which is a little longer than most others are');
    await reply(bob, 'and a second one');
    await line(ada).getByText('2 replies').waitFor();
    const chat = ada.page.url();
    await inEachLook(ada.page, async (look) => {
      await ada.page.goto(chat);
      await line(ada).waitFor();
      await expectAccessible(ada, `a message with a thread, ${look}`);
      await line(ada).click();
      await expect.poll(() => ada.page.locator('.thread .row').count()).toBe(3);
      await expectAccessible(ada, `a thread, ${look}`);
      await shoot(ada.page, `thread-${look}`);
    });
  });
});
