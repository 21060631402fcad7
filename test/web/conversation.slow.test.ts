import { expect, it } from 'vitest';
import { Authenticator } from '../support/authenticator.js';
import { describeInBrowser, useBrowser, WEB_PAGE } from '../support/browser.js';
import { insertMessages } from '../support/insert-messages.js';
import { call, PASSWORD, tokenOf, register, uniqueName } from '../support/client.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();
const device = (options = {}) => browsers.device(urlOf(test, 'http'), options);

const two = () => browsers.two(urlOf(test, 'http'));

describeInBrowser('a conversation in the browser', () => {
  it('goes to and fro, with typing, read marks, edits and deletions', async () => {
    const { ada, bob } = await two();
    await ada.page.locator('.row-own').getByLabel('Read', { exact: true }).waitFor();
    await bob.composer.pressSequentially('hi');
    await ada.page.locator('.bar-line', { hasText: 'typing…' }).waitFor();
    await bob.composer.press('Enter');
    await ada.expectTexts(['hello', 'hi']);

    // What was written last is edited by the arrow, and what one began to write before stays.
    await bob.editLast('hi');
    await bob.write('hi there');
    await ada.expectTexts(['hello', 'hi there']);
    await ada.page.getByText('edited').waitFor();
    expect(await ada.page.getByRole('button', { name: 'edited' }).count()).toBe(0);
    await bob.page.getByRole('button', { name: 'edited' }).click();
    await bob.page.getByRole('dialog', { name: 'How it read before' }).getByText('hi', { exact: true }).waitFor();
    await bob.page.keyboard.press('Escape');
    await expect.poll(() => bob.page.getByRole('dialog').count()).toBe(0);

    const mine = ada.page.locator('.row-own').first();
    await mine.hover();
    await mine.getByRole('button', { name: 'Message actions' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    await bob.expectTexts(['hi there']);
    await ada.expectTexts(['hi there']);
  });

  it('answers a message, which is shown above it, follows its edit, and is one press away', async () => {
    const { ada, bob } = await two();
    const original = bob.page.locator('.row', { hasText: 'hello' });
    await original.hover();
    await original.getByRole('button', { name: 'Message actions' }).click();
    await bob.page.getByRole('menuitem', { name: 'Reply', exact: true }).click();
    await bob.page.locator('.composer-about', { hasText: 'Replying to hello' }).waitFor();
    await bob.write('good morning');
    await bob.page.locator('.composer-about').waitFor({ state: 'detached' });
    const quote = ada.page.getByRole('button', { name: `Reply to ${ada.username}: hello` });
    await quote.waitFor();
    await quote.click();
    await ada.expectJumpTo('hello');

    await ada.editLast('hello');
    await ada.write('hello you');
    for (const { page } of [ada, bob])
      await page.getByRole('button', { name: `Reply to ${ada.username}: hello you` }).waitFor();
    const mine = ada.page.locator('.row-own').first();
    await mine.hover();
    await mine.getByRole('button', { name: 'Message actions' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    for (const { page } of [ada, bob]) await page.locator('.quote', { hasText: 'Deleted message' }).waitFor();
  });

  it('shows who reacts to a message, and takes a reaction back', async () => {
    const { ada, bob } = await two();
    const row = bob.page.locator('.row', { hasText: 'hello' });
    await row.hover();
    await row.getByRole('button', { name: 'React', exact: true }).click();
    await bob.page.getByRole('menuitem', { name: '👍' }).click();
    const hers = ada.page.getByRole('button', { name: `👍: ${bob.username}` });
    await hers.waitFor();
    expect(await hers.getAttribute('aria-pressed')).toBe('false');
    await hers.click();
    const both = bob.page.getByRole('button', { name: `👍: ${bob.username}, ${ada.username}` });
    await both.waitFor();
    expect(await both.getAttribute('aria-pressed')).toBe('true');
    await both.click();
    await ada.page.locator('.reaction[aria-pressed=true]', { hasText: '1' }).waitFor();
    await ada.page.locator('.reaction').click();
    for (const { page } of [ada, bob]) await page.locator('.reaction').waitFor({ state: 'detached' });
  });

  it('shows text as text, links as links and code as code', async () => {
    const { ada, bob } = await two();
    const hostile = '<img src=x onerror=alert(1)> `a < b` see (https://example.com/a?b=c). javascript:alert(1)';
    await ada.write(hostile);
    await bob.expectTexts(['hello', hostile.replaceAll('`', '')]);
    const last = bob.page.locator('.row').last();
    expect(await last.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
      'https://example.com/a?b=c',
    ]);
    expect(await last.locator('code').allInnerTexts()).toEqual(['a < b']);
    expect(await last.locator('img').count()).toBe(0);
  });

  it('keeps what is being written in each chat, and who is signed in, when the page is loaded again', async () => {
    const { ada } = await two();
    await ada.composer.fill('not finished');
    await ada.page.reload();
    await expect.poll(() => ada.composer.inputValue()).toBe('not finished');
    await ada.expectTexts(['hello']);
    expect(await ada.page.evaluate(() => JSON.stringify(localStorage) + document.cookie)).not.toContain('eyJ');
    await ada.page.goto('/');
    await ada.page.locator('.chat', { hasText: 'Draft: not finished' }).waitFor();
  });

  it('makes a group, which all see, and its name, its people and its end', async () => {
    const [ada, bob] = [await (await device()).signUp(), await (await device()).signUp()];
    const eve = await register(test);
    await ada.page.goto('/new');
    for (const name of [bob.username, eve.username]) {
      await ada.page.getByLabel('Name or username').fill(name);
      await ada.page.getByLabel(`Add ${name} to a group`).check();
    }
    await ada.page.getByLabel('Name of the group').fill('Expedition');
    await ada.page.getByRole('button', { name: 'Create group' }).click();
    await ada.write('all here?');
    await bob.openChat('Expedition');
    await bob.expectTexts(['all here?']);

    await ada.page.getByRole('button', { name: 'Expedition' }).click();
    await ada.page.getByLabel('Name of the group').fill('Journey');
    await ada.page.getByRole('form', { name: 'Profile' }).getByRole('button', { name: 'Save' }).click();
    await bob.page.locator('.bar-name', { hasText: 'Journey' }).waitFor();
    await ada.page.getByRole('button', { name: `More: ${bob.username}` }).click();
    await ada.page.getByRole('menuitem', { name: `Remove ${bob.username}` }).click();
    await bob.page.getByRole('heading', { name: 'This chat is not here' }).waitFor();
    await ada.page.getByRole('button', { name: 'Leave group' }).click();
    await ada.page.getByRole('button', { name: 'Leave group' }).click();
    await ada.page.getByRole('heading', { name: 'No chats yet' }).waitFor();
  });

  it('draws little of a long chat, and keeps the place while older messages come', async () => {
    const { ada, bob } = await two();
    const chat = await test.db.chat.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const person = await test.db.user.findFirstOrThrow({ where: { username: bob.username } });
    await insertMessages(test, Number(chat.id), { id: Number(person.id) }, 3000);
    await ada.page.reload();
    const scroller = ada.page.locator('.messages-scroller');
    await expect.poll(async () => (await ada.texts()).at(-1)).toBe('m3000');
    const drawn = await ada.page.locator('.row').count();
    expect(drawn).toBeLessThan(150);

    const box = (await scroller.boundingBox())!;
    await ada.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    // While one is at the end, what comes keeps one there.
    const leaveEnd = () =>
      scroller.evaluate((element) => {
        const toEnd = element.scrollHeight - element.clientHeight - element.scrollTop;
        if (toEnd < 390) element.scrollTop -= 400;
        return toEnd;
      });
    await expect.poll(leaveEnd).toBeGreaterThan(390);
    for (let turn = 0; turn < 30; turn++) {
      // At its upper edge it moves less.
      await expect.poll(() => scroller.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(400);
      const before = await place(ada.page);
      await ada.page.mouse.wheel(0, -400);
      await expect
        .poll(async () => Math.abs((await offsetOf(ada.page, before.key)) - before.offset - 400))
        .toBeLessThan(2);
    }
    expect(await ada.page.locator('.row').count()).toBeLessThan(150);
  });

  it('jumps far back, and leaves who has gone on writing meanwhile where they are', async () => {
    const { ada, bob } = await two();
    const chat = await test.db.chat.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const person = await test.db.user.findFirstOrThrow({ where: { username: bob.username } });
    await insertMessages(test, Number(chat.id), { id: Number(person.id) }, 1000);
    const answered = await test.db.message.findFirstOrThrow({ where: { chat_id: chat.id, contents: 'hello' } });
    await call(test, 'POST', `/chat/${chat.id}/message`, {
      token: await tokenOf(test, bob.username),
      body: { contents: 'good morning', reply_to_id: Number(answered.id) },
    });
    await ada.page.reload();
    const quote = ada.page.getByRole('button', { name: `Reply to ${ada.username}: hello` });
    await quote.waitFor();
    const { asked, release } = await ada.holdNext(/\/messages\?.*cursor=/);
    await quote.click();
    await asked;
    await ada.composer.pressSequentially('still ');
    release();
    await ada.page.locator('.row-own', { hasText: 'hello' }).waitFor();
    await ada.page.keyboard.type('here');
    expect(await ada.composer.inputValue()).toBe('still here');
  });

  it('forgets everything of who signs out, and says what is wrong about a sign-in', async () => {
    const { ada, bob } = await two();
    await ada.page.goto('/settings');
    await ada.page.getByRole('button', { name: 'Sign out' }).click();
    await ada.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    // The page asks who one is before it has forgotten everything.
    const left = () =>
      ada.page.evaluate(async () => {
        const databases = await indexedDB.databases();
        const counts = databases.map(
          ({ name = '' }) =>
            new Promise<number>((resolve) => {
              const opening = indexedDB.open(name);
              opening.onsuccess = () => {
                const names = [...opening.result.objectStoreNames];
                if (names.length === 0) {
                  resolve(0);
                  return;
                }
                let rows = 0;
                const reading = opening.result.transaction(names);
                for (const store of names)
                  reading.objectStore(store).count().onsuccess = (event) => {
                    rows += (event.target as IDBRequest<number>).result;
                  };
                reading.oncomplete = () => {
                  resolve(rows);
                };
              };
            }),
        );
        const rows = await Promise.all(counts);
        return { rows: rows.reduce((sum, each) => sum + each, 0), kept: Object.keys(localStorage) };
      });
    await expect.poll(left).toEqual({ rows: 0, kept: [] });
    await ada.page.getByLabel('Username or email').fill(bob.username);
    await ada.page.getByLabel('Password', { exact: true }).fill('wrong password');
    await ada.page.getByRole('button', { name: 'Sign in' }).click();
    await ada.page.getByRole('alert').getByText('is wrong').waitFor();
    await ada.page.reload();
    await ada.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  });

  it('turns a second factor on, needs its code from then on, and shows where one is signed in', async () => {
    const ada = await (await device()).signUp();
    const { page } = ada;
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Turn on' }).click();
    const section = page.getByRole('region', { name: 'Two-factor authentication' });
    await section.getByLabel('Password').fill(PASSWORD);
    await section.getByRole('button', { name: 'Confirm' }).click();
    await section.getByRole('img', { name: 'QR code' }).waitFor();
    const app = new Authenticator(await section.locator('code').innerText());
    await section.getByLabel('Code').fill(app.code());
    await section.getByRole('button', { name: 'Confirm' }).click();
    const recoveryCode = await section.locator('.codes code').first().innerText();
    await section.getByText('On: signing in needs a code.').waitFor();

    const phone = await device();
    await phone.page.goto('/settings');
    await phone.page.getByLabel('Username or email').fill(ada.username);
    await phone.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await phone.page.getByRole('button', { name: 'Sign in' }).click();
    await phone.page.getByLabel('Code').fill(recoveryCode);
    await phone.page.getByRole('button', { name: 'Sign in' }).click();
    await phone.page.getByText('this one').waitFor();
    const others = phone.page
      .getByRole('region', { name: 'Sessions' })
      .getByRole('button', { name: 'End', exact: true });
    await others.first().click();
    await page.getByText('You were signed out.').waitFor();
  });

  it('says which field is wrong, and sends nobody a password by the address', async () => {
    const ada = await device();
    await ada.page.goto('/register');
    await ada.page.getByLabel('Username').fill(uniqueName());
    await ada.page.getByLabel('Email').fill(`${uniqueName()}@example.com`);
    await ada.page.getByLabel('Password', { exact: true }).fill('short');
    await ada.page.getByRole('button', { name: 'Create account' }).click();
    await ada.page.getByText('Use at least 8 characters.').waitFor();
    await ada.page.locator('[name=password]:focus').waitFor();
    expect(ada.page.url()).toMatch(/\/register$/);
  });
});

type Page = Awaited<ReturnType<typeof device>>['page'];

/** The first message under the upper edge, and how far below it is. */
function place(page: Page) {
  return page.evaluate(() => {
    const scroller = document.querySelector('.messages-scroller')!;
    const { top } = scroller.getBoundingClientRect();
    const row = [...scroller.querySelectorAll<HTMLElement>('.row')].find(
      (each) => each.getBoundingClientRect().top >= top,
    )!;
    return { key: row.dataset.key!, offset: row.getBoundingClientRect().top - top };
  });
}

function offsetOf(page: Page, key: string): Promise<number> {
  return page.evaluate((key) => {
    const scroller = document.querySelector('.messages-scroller')!;
    const row = scroller.querySelector(`[data-key="${key}"]`);
    return row ? row.getBoundingClientRect().top - scroller.getBoundingClientRect().top : Number.NaN;
  }, key);
}
