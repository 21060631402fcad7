import { expect, it } from 'vitest';
import { describeInBrowser, useBrowser, WEB_PAGE, type Device } from '../support/browser.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();
const two = () => browsers.two(urlOf(test, 'http'));

async function choose({ page }: Device, text: string, ...items: string[]): Promise<void> {
  const row = page.locator('.row', { hasText: text });
  await row.hover();
  await row.getByRole('button', { name: 'Message actions' }).click();
  for (const name of items) await page.getByRole('menuitem', { name, exact: true }).click();
}

/** In the dialog of a forward. */
async function chooseChat({ page }: Device, name: string): Promise<void> {
  await page.getByRole('dialog', { name: 'Forward to' }).getByRole('combobox').fill(name);
  await page.keyboard.press('Enter');
}

/** Opens the dialog of a new poll, and fills it in. */
async function beginPoll({ page }: Device, question: string, ...options: string[]) {
  await page.getByRole('button', { name: 'More to send' }).click();
  await page.getByRole('menuitem', { name: 'Poll' }).click();
  const dialog = page.getByRole('dialog', { name: 'Poll' });
  await dialog.getByLabel('Question').fill(question);
  for (const [index, option] of options.entries()) await dialog.getByLabel(`Option ${index + 1}`).fill(option);
  return dialog;
}

describeInBrowser('polls, pins and forwarded messages in the browser', () => {
  it('two vote in a poll, and see what the other has chosen', async () => {
    const { ada, bob } = await two();
    const dialog = await beginPoll(ada, 'When shall we meet?', 'at six', 'at seven');
    await dialog.getByLabel('Option 3').waitFor();
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.waitFor({ state: 'detached' });

    const option = ({ page }: Device, name: RegExp) => page.locator('.poll').getByRole('button', { name });
    await option(bob, /at seven/).click();
    await option(ada, /at seven 1 vote/).waitFor();
    await bob.page.locator('.poll-option[aria-pressed=true]', { hasText: 'at seven' }).waitFor();
    expect(await option(ada, /at seven/).getAttribute('aria-pressed')).toBe('false');
    await option(ada, /at six/).focus();
    await ada.page.keyboard.press('Enter');
    for (const device of [ada, bob]) await option(device, /at six 1 vote/).waitFor();
    await option(ada, /at seven/).click();
    await option(bob, /at seven 2 votes/).waitFor();
    await bob.page.getByText('2 people have voted').waitFor();
    await bob.page.reload();
    await bob.page.locator('.poll-option[aria-pressed=true]', { hasText: 'at seven' }).waitFor();

    await choose(ada, 'When shall we meet?', 'Close the poll', 'Close the poll');
    await bob.page.getByText('Closed').waitFor();
    expect(await option(bob, /at six/).isDisabled()).toBe(true);
  });

  it('others add an option to a poll that lets them, and all see who has voted', async () => {
    const { ada, bob } = await two();
    const dialog = await beginPoll(ada, 'Where?', 'here', 'there');
    await dialog.getByLabel('Others may add options').check();
    await dialog.getByRole('button', { name: 'Send' }).click();

    await bob.page.getByRole('button', { name: 'Add an option' }).click();
    const adding = bob.page.getByRole('dialog', { name: 'Add an option' });
    await adding.getByLabel('New option').fill('elsewhere');
    await adding.getByRole('button', { name: 'Add an option' }).click();
    await ada.page
      .locator('.poll')
      .getByRole('button', { name: /elsewhere/ })
      .click();
    await bob.page
      .locator('.poll')
      .getByRole('button', { name: /elsewhere 1 vote/ })
      .waitFor();
    await choose(bob, 'Where?', 'Who voted');
    const voters = bob.page.getByRole('dialog', { name: 'Who voted' });
    await voters.getByRole('region', { name: 'elsewhere' }).getByText(ada.username).waitFor();
    expect(await voters.getByRole('region').count()).toBe(1);
  });

  it('a pin lasts until a time that one chooses', async () => {
    const { ada, bob } = await two();
    await choose(ada, 'hello', 'Pin until…');
    await ada.page.getByRole('dialog', { name: 'Pin until…' }).getByRole('button', { name: 'Pin until…' }).click();
    await bob.page
      .locator('.row', { hasText: 'hello' })
      .getByTitle(/^Pinned until/)
      .waitFor();
    await bob.page.getByRole('region', { name: 'Pinned messages' }).waitFor();
  });

  it('a pin is seen by the other, leads to its message, and goes', async () => {
    const { ada, bob } = await two();
    await ada.write('later');
    await bob.expectTexts(['hello', 'later']);
    await choose(ada, 'hello', 'Pin for everybody');
    const pins = bob.page.getByRole('region', { name: 'Pinned messages' });
    await pins.getByText('hello').waitFor();
    await pins.getByRole('button', { name: /Pinned: hello/ }).click();
    await bob.expectJumpTo('hello');
    await pins.getByRole('button', { name: 'All pinned messages' }).click();
    await bob.page.getByRole('dialog', { name: 'Pinned messages' }).getByText('hello').click();
    await choose(bob, 'hello', 'Unpin');
    await ada.page.getByRole('region', { name: 'Pinned messages' }).waitFor({ state: 'detached' });
  });

  it('a message is forwarded once when no answer came', async () => {
    const { ada, bob } = await two();
    await bob.page.route('**/forward', async (route) => (await route.fetch(), route.abort()), { times: 1 });
    const forward = async () => {
      const row = bob.page.locator('.row', { hasText: 'hello' }).first();
      await row.hover();
      await row.getByRole('button', { name: 'Message actions' }).click();
      await bob.page.getByRole('menuitem', { name: 'Forward', exact: true }).click();
      await chooseChat(bob, ada.username);
    };
    await forward();
    await bob.page.getByText('can’t be reached').waitFor();
    await ada.expectTexts(['hello', 'hello']);
    const asked = bob.page.waitForResponse('**/forward');
    await forward();
    expect(await (await asked).json()).toMatchObject({ deduplicated: true });
    await ada.expectTexts(['hello', 'hello']);
  });

  it('a message is forwarded to a chat that one chooses, and names who wrote it', async () => {
    const { ada, bob } = await two();
    await choose(bob, 'hello', 'Forward');
    await chooseChat(bob, ada.username);
    await ada.page.getByText(`Forwarded from ${ada.username}`).waitFor();
    await ada.expectTexts(['hello', 'hello']);
  });
});
