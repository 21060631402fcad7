import { expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.js';
import { describeInBrowser, useBrowser, WEB_PAGE } from '../support/browser.js';
import { letAllCome } from '../support/scheduled.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();
const HOUR_MS = 3_600_000;

const two = () => browsers.two(urlOf(test, 'http'));

describeInBrowser('messages and time, in the browser', () => {
  it('a message is sent later, or now, or not at all', async () => {
    const { ada, bob } = await two();
    const later = async (text: string) => {
      await ada.composer.fill(text);
      await ada.page.getByRole('button', { name: 'Send later' }).click();
      await ada.page.getByRole('menuitem', { name: 'In an hour' }).click();
      await list.getByText(text).waitFor();
    };
    const list = ada.page.getByRole('region', { name: 'Scheduled messages' });
    const choose = async (text: string, what: string) => {
      const row = list.getByRole('listitem').filter({ hasText: text });
      await row.getByRole('button', { name: 'Actions of the scheduled message' }).click();
      await ada.page.getByRole('menuitem', { name: what }).click();
      await row.waitFor({ state: 'detached' });
    };
    await later('one');
    await later('two');
    await later('three');
    await expect.poll(() => ada.composer.inputValue()).toBe('');
    if (process.env.SCREENSHOTS) await ada.page.screenshot({ path: `${process.env.SCREENSHOTS}/scheduled.png` });
    await choose('two', 'Don’t send it');
    await choose('one', 'Send now');
    await bob.expectTexts(['hello', 'one']);
    // Its time comes.
    await letAllCome(test);
    await bob.expectTexts(['hello', 'one', 'three']);
    await list.waitFor({ state: 'detached' });
  });

  it('a message is scheduled once when no answer came, and what is written meanwhile stays', async () => {
    const { ada } = await two();
    const { page, composer } = ada;
    const list = page.getByRole('region', { name: 'Scheduled messages' });
    const choose = async (when: string) => {
      await page.getByRole('button', { name: 'Send later' }).click();
      await page.getByRole('menuitem', { name: when }).click();
    };
    await composer.fill('once');
    await page.route('**/scheduled', async (route) => (await route.fetch(), route.abort()), { times: 1 });
    await choose('In an hour');
    await page.getByRole('alert').getByText('can’t be reached').waitFor();
    expect(await composer.inputValue()).toBe('once');
    await choose('Tomorrow');
    await expect.poll(() => composer.inputValue()).toBe('');
    await list.getByText('once').waitFor();
    const ofOnce = () => test.db.scheduledMessage.findMany({ where: { contents: 'once' } });
    expect(await ofOnce()).toHaveLength(1);
    await expect.poll(async () => (await ofOnce())[0]!.send_at.getTime() - Date.now()).toBeGreaterThan(2 * HOUR_MS);

    await composer.fill('later');
    const { release } = await ada.holdNext('**/scheduled');
    const answered = page.waitForResponse('**/scheduled');
    await choose('In an hour');
    await composer.fill('and more');
    release();
    await answered;
    await list.getByText('later').waitFor();
    expect(await composer.inputValue()).toBe('and more');
  });

  it('a message that is sent later names whom it says', async () => {
    const { ada, bob } = await two();
    await ada.composer.fill(`good morning @${bob.username}`);
    await ada.page.getByRole('button', { name: 'Send later' }).click();
    await ada.page.getByRole('menuitem', { name: 'In an hour' }).click();
    await ada.page
      .getByRole('region', { name: 'Scheduled messages' })
      .getByText(`good morning @${bob.username}`)
      .waitFor();
    const [row] = await test.db.$queryRaw<{ inputs: { mentions: { user_ids: number[] } } }[]>`
      update public.scheduled_message set due_at = now()
      where state = 'waiting' and contents like 'good morning%' returning inputs`;
    const { id } = await test.db.user.findFirstOrThrow({ where: { username: bob.username }, select: { id: true } });
    expect(row?.inputs.mentions.user_ids).toEqual([Number(id)]);
    await bob.expectTexts(['hello', `good morning @${bob.username}`]);
  });

  it('a message is sent at a time that one chooses, and no time that has passed', async () => {
    const { ada } = await two();
    await ada.composer.fill('next year');
    await ada.page.getByRole('button', { name: 'Send later' }).click();
    await ada.page.getByRole('menuitem', { name: 'At another time…' }).click();
    const dialog = ada.page.getByRole('dialog');
    const time = new Date(Date.now() + 300 * 86_400_000);
    await dialog.getByLabel('Time').fill('2020-01-01T08:30');
    await dialog.getByText('Choose a time that is still to come.').waitFor();
    await dialog.getByLabel('Time').fill(`${time.toISOString().slice(0, 10)}T08:30`);
    await expectAccessible(ada, 'the choice of a time');
    await dialog.getByRole('button', { name: 'Send later' }).click();
    await ada.page.getByRole('region', { name: 'Scheduled messages' }).getByText('next year').waitFor();
    const scheduled = await test.db.scheduledMessage.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const chosen = await ada.page.evaluate(
      (at) => new Date(at).toISOString(),
      `${time.toISOString().slice(0, 10)}T08:30`,
    );
    expect(scheduled.send_at.toISOString()).toBe(chosen);
  });

  it('says that the time after which messages disappear was not set', async () => {
    const { ada } = await two();
    await ada.context.setOffline(true);
    await ada.page.getByRole('button', { name: 'More' }).first().click();
    await ada.page.getByRole('menuitem', { name: 'Messages disappear after an hour' }).click();
    await ada.page.getByText('The server can’t be reached.').waitFor();
  });

  it('what was refused says why', async () => {
    const { ada, bob } = await two();
    await ada.composer.fill('too late');
    await ada.page.getByRole('button', { name: 'Send later' }).click();
    await ada.page.getByRole('menuitem', { name: 'In an hour' }).click();
    await ada.page.getByRole('region', { name: 'Scheduled messages' }).getByText('too late').waitFor();
    const [adas, bobs] = await Promise.all(
      [ada, bob].map(({ username }) => test.db.user.findFirstOrThrow({ where: { username } })),
    );
    await test.db.userBlock.create({
      data: { user_id: bobs!.id, blocked_user_id: adas!.id, blocked_at: new Date(), me_pts: 1000 },
    });
    await letAllCome(test);
    await ada.page.getByText('You can’t write to this person.').waitFor();
  });

  it('a message disappears on both sides at its time', async () => {
    const { ada, bob } = await two();
    await ada.page.getByRole('button', { name: 'More' }).first().click();
    await ada.page.getByRole('menuitem', { name: 'Messages disappear after an hour' }).click();
    for (const { page } of [ada, bob]) await page.getByText('New messages disappear after a while.').waitFor();
    // Seconds are no choice of the page.
    await test.db
      .$executeRaw`update public.chat set disappear_after_seconds = 12 where disappear_after_seconds is not null`;
    await ada.write('goes soon');
    // The server is late: the pages hide it by themselves.
    const postponed = () => test.db.$executeRaw`update public.message_expiry set due_at = now() + interval '1 minute'`;
    await expect.poll(postponed).toBe(1);
    await bob.expectTexts(['hello', 'goes soon']);
    if (process.env.SCREENSHOTS) await bob.page.screenshot({ path: `${process.env.SCREENSHOTS}/disappearing.png` });
    for (const device of [ada, bob]) await expect.poll(() => device.texts(), { timeout: 30_000 }).toEqual(['hello']);
    expect(await test.db.message.count({ where: { contents: 'goes soon' } })).toBe(1);
    await test.db.$executeRaw`update public.message_expiry set due_at = now()`;
    await expect.poll(() => test.db.message.count({ where: { contents: 'goes soon' } })).toBe(0);
    for (const device of [ada, bob]) await device.expectTexts(['hello']);
  });
});
