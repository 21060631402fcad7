import { expect, it } from 'vitest';
import { describeInBrowser, useBrowser, WEB_PAGE, type Device } from '../support/browser.js';
import { register, type Person } from '../support/client.js';
import { urlOf, useServer } from '../support/socket.js';

const test = useServer({ webPage: WEB_PAGE });
const browsers = useBrowser();
const device = () => browsers.device(urlOf(test, 'http'));

const HOSTILE = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>';

/** Somebody at the page, and somebody who asks without one, in a group. */
async function group(): Promise<{ ada: Device; eve: Person; chatId: number; id: number }> {
  const ada = await (await device()).signUp();
  const eve = await register(test);
  const { body } = await eve.get(`/user/search?q=${ada.username}`);
  const id = body.users[0].id as number;
  const { body: chat } = await eve.post('/chat/group/create', { with_ids: [id], name: HOSTILE });
  return { ada, eve, chatId: chat.id, id };
}

const last = ({ page }: Device) => page.locator('.row').last();

describeInBrowser('formatting in the browser', () => {
  it('shows marks as elements', async () => {
    const { ada, eve, chatId } = await group();
    await eve.post(`/chat/${chatId}/message`, { contents: '> **strong** *em* ~~del~~\n`code` https://example.com/' });
    await ada.page.goto(`/c/${chatId}`);
    const row = last(ada);
    for (const [name, text] of [
      ['blockquote strong', 'strong'],
      ['em', 'em'],
      ['del', 'del'],
      ['code', 'code'],
    ] as const)
      expect(await row.locator(`.text ${name}`).innerText()).toBe(text);
    expect(await row.locator('.text a').getAttribute('href')).toBe('https://example.com/');
    expect(await ada.page.locator('.chat bdi').last().innerText()).toBe('strong em del code https://example.com/');
  });

  it('keeps what is hostile in contents, custom and names as text', async () => {
    const { ada, eve, chatId, id } = await group();
    await eve.patch('/user/me', { name: HOSTILE });
    const contents = [
      HOSTILE,
      `**${HOSTILE}**`,
      `> ${HOSTILE}`,
      `<@${id}${HOSTILE}>`,
      '[a](javascript:window.hit=1) javascript:window.hit=1 https://example.com/"onmouseover="window.hit=1',
      '<@all> <@constructor> <@__proto__>',
    ];
    for (const each of contents) {
      const { status } = await eve.post(`/chat/${chatId}/message`, { contents: each, custom: { html: HOSTILE } });
      expect(status).toBe(200);
    }
    await eve.post(`/chat/${chatId}/message`, { contents: `<@${eve.id}> <@${id}>`, mentions: { user_ids: [id] } });
    await ada.page.goto(`/c/${chatId}`);
    await expect.poll(() => ada.texts()).toHaveLength(contents.length + 1);
    const texts = await ada.texts();
    expect(texts[0]).toBe(HOSTILE);
    expect(texts[5]).toBe('<@all> <@constructor> <@__proto__>');
    expect(texts[6]).toBe(`<@${eve.id}> @${ada.username}`);
    const links = await ada.page
      .locator('.text a')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(links.filter((link) => !link.startsWith('https://example.com/'))).toEqual([]);
    expect(await ada.page.locator('.conversation script, .conversation img, .text [onmouseover]').count()).toBe(0);
    expect(await ada.page.evaluate(() => 'hit' in window)).toBe(false);
    expect(await ada.page.locator('.bar', { hasText: HOSTILE }).count()).toBeGreaterThan(0);
  });

  it('suggests members after an @, names the one who is chosen, and follows their name', async () => {
    const { ada, eve, chatId } = await group();
    await ada.page.goto(`/c/${chatId}`);
    await ada.composer.pressSequentially(`hi @${eve.username.slice(0, 6)}`);
    const option = ada.page.getByRole('option', { name: eve.username });
    await option.waitFor();
    expect(await option.getAttribute('aria-selected')).toBe('true');
    expect(await ada.composer.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
    await ada.composer.press('Enter');
    await expect.poll(() => ada.composer.inputValue()).toBe(`hi @${eve.username} `);
    await ada.composer.press('Enter');
    const mention = last(ada).locator('.mention');
    await mention.waitFor();
    expect(await mention.innerText()).toBe(`@${eve.username}`);
    // The page shows a message before the server has it.
    const newest = async () => (await eve.get(`/chat/${chatId}/messages`)).body.messages[0];
    const mentions = { user_ids: [eve.id], roles: [], all: false };
    await expect.poll(newest).toMatchObject({ contents: `hi <@${eve.id}>`, mentions });
    expect((await eve.get(`/chat/${chatId}`)).body.unread_mentions).toBe(1);
    await eve.patch('/user/me', { name: 'Eve of today' });
    await expect.poll(() => mention.innerText()).toBe('@Eve of today');

    // An edit shows it as it is written, and goes on naming.
    await ada.editLast(`hi @${eve.username}`);
    await ada.composer.press('End');
    await ada.composer.pressSequentially('!');
    await ada.composer.press('Enter');
    await expect.poll(() => last(ada).locator('.text').innerText()).toBe('hi @Eve of today!');
    await expect.poll(newest).toMatchObject({ contents: `hi <@${eve.id}>!`, mentions });
    expect((await eve.get(`/chat/${chatId}`)).body.unread_mentions).toBe(1);
  });

  it('marks a chat in which one is named', async () => {
    const { ada, eve, chatId, id } = await group();
    await ada.page.goto('/');
    await eve.post(`/chat/${chatId}/message`, { contents: `<@${id}>`, mentions: { user_ids: [id] } });
    await ada.page.getByLabel('1 mention of you').waitFor();
    await ada.page.goto(`/c/${chatId}`);
    await last(ada).locator('.mention-me').waitFor();
    await ada.page.getByLabel('1 mention of you').waitFor({ state: 'detached' });
  });
});
