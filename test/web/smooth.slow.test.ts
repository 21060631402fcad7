import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, useBrowser, WEB_PAGE } from '../support/browser.js';
import { registerMany, type Person } from '../support/client.js';
import { insertMessages } from '../support/insert-messages.js';
import { tasksDuring } from '../support/main-thread.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();

/** Longer ones are felt. */
const LONG_MS = 50;
const MANY = 100_000;
/** Inserted at once. */
const PART = 10_000;

/** Somebody with the page open, and a chat of 100,000 messages. */
async function withLongChat() {
  const device = await (await browsers.device(urlOf(test, 'http'))).signUp();
  const [bob] = (await registerMany(test, 1)) as [Person];
  await device.openChatWith(bob.username);
  await device.write('hello');
  const chat = await test.db.chat.findFirstOrThrow({ orderBy: { id: 'desc' } });
  await device.expectTexts(['hello']);
  await device.page.goto('/settings');
  for (let part = 0; part < MANY; part += PART) {
    await insertMessages(test, Number(chat.id), bob, PART, ' and some words more than that');
  }
  await device.page.goto('/');
  await device.page.locator('.chat', { hasText: bob.username }).waitFor();
  await sleep(500);
  return { device, bob, chatId: Number(chat.id) };
}

/** Others use the machine as well: what the page itself takes is counted. */
async function expectNoLongTask(what: string, page: Page, happen: () => Promise<void>): Promise<void> {
  const tasks = await tasksDuring(page, happen);
  const lines = tasks.slice(0, 3).map(({ ms, processorMs, parts }) => {
    return `  ${processorMs.toFixed(0)} ms of the processor, ${ms.toFixed(0)} ms by the clock: ${parts.join(', ')}`;
  });
  const text = [`${what}, ${tasks.length} tasks, of which these are the longest:`, ...lines].join('\n');
  expect.soft(tasks[0]?.processorMs, text).toBeLessThan(LONG_MS);
}

describeInBrowser('the page', () => {
  it('has no long task: it opens a chat of 100,000 messages, scrolls, and takes 1,000 that arrive in 10 s', async () => {
    const { device, bob, chatId } = await withLongChat();
    const { page } = device;
    await expectNoLongTask('opening', page, async () => {
      await device.openChat(bob.username);
      await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(20);
      await sleep(1000);
    });
    const box = (await page.locator('.messages-scroller').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expectNoLongTask('scrolling', page, async () => {
      for (let turn = 0; turn < 100; turn++) {
        await page.mouse.wheel(0, -800);
        await sleep(50);
      }
    });
    await page.getByRole('button', { name: /Jump/ }).click();
    await expectNoLongTask('messages that arrive', page, async () => {
      for (let turn = 0; turn < 100; turn++) {
        const next = sleep(100);
        await Promise.all(Array.from({ length: 10 }, (_, n) => bob.send(chatId, `live ${turn} ${n}`)));
        await next;
      }
      await sleep(500);
    });
  });
});
