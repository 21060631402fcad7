import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { PASSWORD, uniqueName } from './client.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

/** What `npm run build` has made of web/. */
export const WEB_PAGE = join(import.meta.dirname, '../../web/dist');

/** Tests in Debian's Chromium; skipped where there is none. */
export const describeInBrowser = CHROMIUM === undefined ? describe.skip : describe;

if (CHROMIUM === undefined) console.warn('There is no /usr/bin/chromium: the tests of the web page are skipped.');

/** Goes through the sizes of a phone, a tablet and a desktop, each in light and dark. */
export async function inEachLook(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  for (const width of [390, 820, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 860 });
      await page.emulateMedia({ colorScheme });
      await look(`${width}-${colorScheme}`);
    }
  }
}

/** For people who want to see it: SCREENSHOTS names a folder. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` });
}

/** A browser for the tests of a file. */
export class TestBrowser {
  browser!: Browser;

  /** A device of somebody: cookies, storage and pages of its own. What a script throws makes the test fail. */
  async device(url: string, options: BrowserContextOptions = {}): Promise<Device> {
    const context = await this.browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 }, ...options });
    onTestFinished(() => context.close());
    const device = new Device(context, await context.newPage());
    context.on('weberror', (error) => device.errors.push(error.error()));
    onTestFinished(() => {
      expect(device.errors).toEqual([]);
    });
    return device;
  }

  /** Two who have a chat with one message, which both have open. */
  async two(url: string, contents = 'hello'): Promise<{ readonly ada: Device; readonly bob: Device }> {
    const [ada, bob] = [await (await this.device(url)).signUp(), await (await this.device(url)).signUp()];
    await ada.openChatWith(bob.username);
    await ada.write(contents);
    await bob.openChat(ada.username);
    await bob.expectTexts([contents]);
    return { ada, bob };
  }
}

export class Device {
  readonly errors: Error[] = [];
  username = '';

  constructor(
    readonly context: BrowserContext,
    public page: Page,
  ) {}

  /** Opens an account, as somebody who is new here. */
  async signUp(): Promise<this> {
    this.username = uniqueName();
    await this.page.goto('/register');
    await this.page.getByLabel('Username').fill(this.username);
    await this.page.getByLabel('Email').fill(`${this.username}@example.com`);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await this.page.getByRole('heading', { name: 'No chats yet' }).waitFor();
    return this;
  }

  async signIn(username: string): Promise<this> {
    this.username = username;
    await this.page.goto('/');
    await this.page.getByLabel('Username or email').fill(username);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('navigation', { name: 'Chats' }).waitFor();
    return this;
  }

  /** Finds somebody, and opens the chat with them. */
  async openChatWith(username: string): Promise<void> {
    await this.page.getByRole('link', { name: 'New chat' }).first().click();
    await this.page.getByLabel('Name or username').fill(username);
    await this.page.getByRole('button', { name: username }).click();
    await this.composer.waitFor();
  }

  /** Opens a chat of the list. */
  async openChat(title: string): Promise<void> {
    await this.page.locator('.chat', { hasText: title }).click();
    await this.composer.waitFor();
  }

  get composer() {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page
      .locator('.main .composer')
      .getByRole('button', { name: /^(Send|Save)$/ })
      .click();
  }

  /** Keeps the next request to such an address from the server until `release`. `asked` settles when it has been made. */
  async holdNext(url: string | RegExp): Promise<{ readonly asked: Promise<unknown>; readonly release: () => void }> {
    const events = new EventEmitter();
    const released = once(events, 'release');
    await this.page.route(url, async (route) => (await released, route.continue()), { times: 1 });
    return { asked: this.page.waitForRequest(url), release: () => events.emit('release') };
  }

  /** Begins to edit what one has written last, and waits until its text is there. */
  async editLast(text: string): Promise<void> {
    await this.composer.press('ArrowUp');
    await expect.poll(() => this.composer.inputValue()).toBe(text);
  }

  /** Waits until a jump has led to a message: a key that is pressed before would be lost. */
  async expectJumpTo(text: string): Promise<void> {
    await this.page.locator('.row:focus', { hasText: text }).waitFor();
  }

  /** What the conversation shows, the oldest first. */
  texts(): Promise<string[]> {
    return this.page.locator('.row .text').allInnerTexts();
  }

  async expectTexts(texts: readonly string[]): Promise<void> {
    await expect.poll(() => this.texts()).toEqual(texts);
  }
}

export function useBrowser(): TestBrowser {
  const test = new TestBrowser();
  beforeAll(async () => {
    if (!existsSync(WEB_PAGE)) throw new Error('The page is not there: npm run build');
    test.browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => test.browser.close());
  return test;
}
