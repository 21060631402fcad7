import { expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.js';
import { describeInBrowser, inEachLook, shoot, useBrowser, WEB_PAGE, type Device } from '../support/browser.js';
import { PASSWORD, uniqueName } from '../support/client.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();

const device = () => browsers.device(urlOf(test, 'http'));

/** A group of Ada's, in which Bob is, and whose details she has open. */
async function group(): Promise<{ readonly ada: Device; readonly bob: Device }> {
  const [ada, bob] = [await (await device()).signUp(), await (await device()).signUp()];
  await ada.page.goto('/new');
  await ada.page.getByLabel('Name or username').fill(bob.username);
  await ada.page.getByLabel(`Add ${bob.username} to a group`).check();
  await ada.page.getByLabel('Name of the group').fill('Expedition');
  await ada.page.getByRole('button', { name: 'Create group' }).click();
  await ada.write('all here?');
  await bob.openChat('Expedition');
  await bob.expectTexts(['all here?']);
  await ada.page.getByRole('button', { name: 'Expedition' }).click();
  await members(ada).getByText(bob.username).first().waitFor();
  return { ada, bob };
}

const members = ({ page }: Device) => page.getByRole('region', { name: 'Members' });
const rules = ({ page }: Device) => page.getByRole('region', { name: 'Rules' });

async function choose({ page }: Device, about: string, ...items: string[]): Promise<void> {
  await page.getByRole('button', { name: `More: ${about}` }).click();
  for (const name of items) await page.getByRole('menuitem', { name, exact: true }).click();
}

async function makeLink({ page }: Device, options: () => Promise<void> = () => Promise.resolve()): Promise<string> {
  const links = page.getByRole('region', { name: 'Invite links' });
  await links.getByRole('button', { name: 'Make a link' }).click();
  await options();
  await links.getByRole('button', { name: 'Make a link' }).click();
  return links.getByLabel('New link').inputValue();
}

describeInBrowser('groups in the browser', () => {
  it('a stranger opens an invite link, signs up, and joins', async () => {
    const { ada } = await group();
    const link = await makeLink(ada, async () => {
      await ada.page.getByLabel('Ends after').selectOption({ label: '7 days' });
      await ada.page.getByLabel('Number of people').selectOption('10');
    });
    expect(link).toMatch(/\/i#[\w-]{22,}$/);
    await ada.page.getByText(/used 0 of 10 times · until/).waitFor();

    const eve = await device();
    await eve.page.goto(link);
    await eve.page.getByText('You are invited to a group.').waitFor();
    await eve.page.getByRole('link', { name: 'Create account' }).click();
    eve.username = uniqueName();
    await eve.page.getByLabel('Username').fill(eve.username);
    await eve.page.getByLabel('Email').fill(`${eve.username}@example.com`);
    await eve.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await eve.page.getByRole('button', { name: 'Create account' }).click();
    await eve.page.getByRole('heading', { name: 'Expedition' }).waitFor();
    await eve.page.getByText('2 members').waitFor();
    await eve.page.getByRole('button', { name: 'Join', exact: true }).click();
    await eve.expectTexts(['all here?']);
    expect(new URL(eve.page.url()).hash).toBe('');
    await members(ada).getByText(eve.username).first().waitFor();
    await ada.page.getByText(/used 1 of 10 times/).waitFor();

    await choose(ada, 'Link of', 'Take back', 'Take back');
    await ada.page.getByText(/used 1 of 10 times/).waitFor({ state: 'detached' });
    const late = await (await device()).signUp();
    // As somebody might write it by hand.
    await late.page.goto(link.replace('#', '/'));
    await late.page.getByText('This link is not valid').waitFor();
    expect(new URL(late.page.url()).pathname).toBe('/i');
  });

  it('a stranger asks to join, and is let in or refused', async () => {
    const { ada } = await group();
    const link = await makeLink(ada, () => ada.page.getByLabel('People ask to join').check());
    const [eve, dan] = [await (await device()).signUp(), await (await device()).signUp()];
    for (const { page } of [eve, dan]) {
      await page.goto(link);
      await page.getByRole('button', { name: 'Ask to join' }).click();
      await page.getByText('You have asked to join.').waitFor();
    }
    await ada.page.reload();
    await ada.page.getByRole('button', { name: `Refuse: ${dan.username}` }).click();
    await ada.page.getByRole('button', { name: `Let in: ${eve.username}` }).click();
    await ada.page.getByRole('heading', { name: 'Requests to join' }).waitFor({ state: 'detached' });
    await eve.page.locator('.chat', { hasText: 'Expedition' }).waitFor();
    expect(await dan.page.locator('.chat', { hasText: 'Expedition' }).count()).toBe(0);
  });

  it('a role that is given changes what one may do at once', async () => {
    const { ada, bob } = await group();
    await bob.page.getByRole('button', { name: 'Expedition' }).click();
    await members(bob).getByText('Owner').waitFor();
    expect(await rules(bob).count()).toBe(0);
    await choose(ada, bob.username, 'Only let read');
    await bob.page.getByText('You can read here, and not write.').waitFor();
    await expect.poll(() => bob.composer.count()).toBe(0);
    await members(ada).getByText('Reader').waitFor();

    await choose(ada, bob.username, 'Make moderator');
    await bob.composer.waitFor();
    await rules(bob).getByLabel('Freeze: only moderators and above write').waitFor();
    expect(await rules(bob).getByLabel('write messages').count()).toBe(0);
    await members(ada).getByText('Moderator').waitFor();

    await choose(ada, bob.username, 'Hand the group over', 'Hand the group over');
    await rules(bob).getByLabel('write messages').waitFor();
    await members(bob).getByText('Admin').waitFor();
    await ada.page.getByRole('button', { name: `More: ${bob.username}` }).click();
    await expect.poll(() => ada.page.getByRole('menuitem').allInnerTexts()).toEqual(['Message']);
  });

  it('what one does while something else is under way is done after it', async () => {
    const { ada, bob } = await group();
    const { asked, release } = await ada.holdNext('**/chat/*/participants/*');
    await choose(ada, bob.username, 'Only let read');
    await asked;
    await choose(ada, bob.username, 'Make moderator');
    release();
    await bob.page.getByRole('button', { name: 'Expedition' }).click();
    await members(bob).getByText('Moderator').waitFor();
    await members(ada).getByText('Moderator').waitFor();
  });

  it('rules hold, and the page says so where one would write', async () => {
    const { ada, bob } = await group();
    const say = (text: string) => bob.page.getByText(text).waitFor();
    await rules(ada).getByLabel('Pause between messages').selectOption('3600');
    await expect.poll(() => test.db.chat.count({ where: { name: 'Expedition', slow_mode_seconds: 3600 } })).toBe(1);
    await bob.write('once');
    await say('This group is in slow mode. You can write again in');
    await bob.composer.fill('twice');
    expect(await bob.page.getByRole('button', { name: 'Send', exact: true }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await rules(ada).getByLabel('Pause between messages').selectOption('0');
    await bob.page.getByRole('timer').waitFor({ state: 'detached' });
    await bob.page.getByRole('button', { name: 'Send', exact: true }).click();
    await ada.expectTexts(['all here?', 'once', 'twice']);

    await rules(ada).getByLabel('Freeze: only moderators and above write').check();
    await say('This group is frozen.');
    await ada.write('only me');
    await rules(ada).getByLabel('Freeze: only moderators and above write').uncheck();
    await bob.composer.waitFor();
    await rules(ada).getByLabel('write messages').uncheck();
    await say('Only moderators and above write in this group.');
    await ada.page.getByText('This group is for announcements').waitFor();
    await ada.page.getByLabel('What it is about').fill('To the north');
    await ada.page.getByRole('form', { name: 'Profile' }).getByRole('button', { name: 'Save' }).click();
    await bob.page.getByRole('button', { name: 'Expedition' }).click();
    await say('To the north');
  });

  it('members of a large group are read a page at a time, and found by name', async () => {
    const { ada, bob } = await group();
    const chat = await test.db.chat.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const name = uniqueName();
    await test.db.user.createMany({
      data: Array.from({ length: 60 }, (_, at) => ({ username: `${name}${at}`, email: `${name}${at}@example.com` })),
    });
    const people = await test.db.user.findMany({ where: { username: { startsWith: name } }, orderBy: { id: 'asc' } });
    await test.db.chatParticipant.createMany({ data: people.map(({ id }) => ({ chat_id: chat.id, user_id: id })) });
    await test.db.chat.update({ where: { id: chat.id }, data: { participant_count: 62 } });
    await ada.page.reload();
    await expect.poll(() => members(ada).getByRole('listitem').count()).toBe(50);
    await members(ada).getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => members(ada).getByRole('listitem').count()).toBe(62);
    await members(ada).getByLabel('Find a member').fill(bob.username);
    await expect.poll(() => members(ada).getByRole('listitem').count()).toBe(1);
  });

  it('has nothing that axe-core finds, in any size and colour', async () => {
    const { ada } = await group();
    const link = await makeLink(ada, () => ada.page.getByLabel('People ask to join').check());
    const eve = await (await device()).signUp();
    await eve.page.goto(link);
    await eve.page.getByRole('button', { name: 'Ask to join' }).click();
    await eve.page.getByText('You have asked to join.').waitFor();
    const dan = await (await device()).signUp();
    const details = ada.page.url();
    await inEachLook(ada.page, async (look) => {
      await ada.page.goto(details);
      await members(ada).getByText('Owner').waitFor();
      await ada.page.getByRole('heading', { name: 'Requests to join' }).waitFor();
      await expectAccessible(ada, `the details, ${look}`);
      for (const part of ['Requests to join', 'Invite links', 'Rules']) {
        await ada.page.getByRole('region', { name: part }).evaluate((element) => {
          element.scrollIntoView();
        });
        await shoot(ada.page, `group-${part.replaceAll(' ', '-')}-${look}`);
      }
    });
    await inEachLook(dan.page, async (look) => {
      await dan.page.goto(link);
      await dan.page.reload();
      await dan.page.getByRole('button', { name: 'Ask to join' }).waitFor();
      await expectAccessible(dan, `an invitation, ${look}`);
      await shoot(dan.page, `invite-${look}`);
    });
  });
});
