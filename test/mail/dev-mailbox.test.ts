import { describe, expect, it, vi } from 'vitest';
import { DevMailbox } from '../../src/mail/dev-mailbox.js';
import { devMailboxPage } from '../../src/mail/dev-mailbox-page.js';
import { useApp } from '../support/app.js';
import { call, register } from '../support/client.js';
import { MailServer } from '../support/mail-server.js';

const test = useApp({ mail: new MailServer().settings({ smtpUrl: undefined, appName: '<i>Ada</i>' }) });

describe('GET /dev/mail', () => {
  it('shows what would have been sent, as a page and as JSON', async () => {
    const person = await register(test);
    expect((await person.post('/user/email/confirmation', undefined)).status).toBe(200);
    const json = () => call(test, 'GET', '/dev/mail', { headers: { accept: 'application/json' } });
    const mail = await vi.waitFor(
      async () => {
        const { mails } = (await json()).body as { mails: { to: string; text: string; html: string }[] };
        const found = mails.find(({ to }) => to === person.email);
        if (!found) throw new Error('not yet');
        return found;
      },
      { timeout: 10_000 },
    );
    expect(mail).toMatchObject({ subject: 'Confirm your e-mail address for <i>Ada</i>' });
    const page = await call(test, 'GET', '/dev/mail');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(page.body).toContain(person.email);
    expect(page.body).toContain('&lt;i&gt;Ada&lt;/i&gt;');
    expect(page.body).not.toContain('<i>');
    const code = /^ {4}(\S+)$/m.exec(mail.text)?.[1] ?? '';
    expect(page.body).toContain(code);
    // Without a page of the host application there is no link.
    expect(mail.html).not.toContain('<a ');
    expect((await call(test, 'POST', '/email/confirm', { body: { token: code } })).status).toBe(200);
  });

  it('is not in the description of the API', async () => {
    expect(JSON.stringify((await call(test, 'GET', '/openapi.json')).body)).not.toContain('/dev/mail');
  });
});

describe('the development mailbox', () => {
  it('keeps the last hundred mails, newest first', async () => {
    const mailbox = new DevMailbox();
    for (let index = 1; index <= 101; index += 1)
      await mailbox.send(String(index), { to: 'a@example.com', subject: '', text: '', html: '' });
    expect(mailbox.mails).toHaveLength(100);
    expect(mailbox.mails[0]?.id).toBe('101');
    expect(mailbox.mails.at(-1)?.id).toBe('2');
  });

  it('escapes every part of a mail', async () => {
    const mailbox = new DevMailbox();
    await mailbox.send('1', { to: '"<b>"@x.org', subject: '<script>', text: "</pre>&'", html: '<p>' });
    const page = devMailboxPage(mailbox.mails);
    expect(page).toContain('to &quot;&lt;b&gt;&quot;@x.org');
    expect(page).toContain('<h2>&lt;script&gt;</h2>');
    expect(page).toContain('<pre>&lt;/pre&gt;&amp;&#39;</pre>');
  });
});
