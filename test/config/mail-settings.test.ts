import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/index.js';

const DATABASE = {
  DATABASE_URL: 'postgresql://localhost/messenger',
  JWT_SECRET: 'a secret that is long enough for HS256',
};
const SMTP_URL = 'smtp://user:word@smtp.example.com:587';

const mailOf = (variables: Record<string, string>) => loadConfig({ ...DATABASE, ...variables }).mail;

function linesOf(variables: Record<string, string>): readonly string[] {
  try {
    mailOf(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('the configuration of mail', () => {
  it('is none without a mail server', () => {
    expect(mailOf({ MAIL_FROM: 'ada@example.com' })).toBeUndefined();
  });

  it('takes an address with a name and without one', () => {
    expect(mailOf({ SMTP_URL, MAIL_FROM: 'ada@example.com' })?.from).toEqual({
      name: 'Messenger',
      address: 'ada@example.com',
    });
    expect(mailOf({ SMTP_URL, MAIL_FROM: 'Ada L. <ada@example.com>' })?.from).toEqual({
      name: 'Ada L.',
      address: 'ada@example.com',
    });
  });

  it('takes SMTP_URL from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'messenger-test-config-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'smtp'), `${SMTP_URL}\n`);
    expect(mailOf({ SMTP_URL_FILE: join(folder, 'smtp'), MAIL_FROM: 'ada@example.com' })?.smtpUrl).toBe(SMTP_URL);
  });

  it('wants a sender with a mail server', () => {
    expect(linesOf({ SMTP_URL })).toEqual(['MAIL_FROM is required with SMTP_URL: the address that mails come from.']);
  });

  it.each([
    ['SMTP_URL', 'smtp.example.com'],
    ['SMTP_URL', 'smtp://:a:b'],
    ['MAIL_FROM', 'Ada'],
    ['MAIL_FROM', 'a@example.com, b@example.com'],
    ['MAIL_FROM', 'Ada <a@example.com>\r\nBcc: b@example.com'],
    ['MAIL_APP_NAME', 'a\nb'],
    ['MAIL_COLOR', 'red'],
    ['MAIL_LOGO_URL', 'javascript:alert(1)'],
    ['MAIL_LINK_URL', 'ftp://example.com'],
    ['DEVELOPMENT', 'yes'],
  ])('refuses %s %j, and does not repeat it', (name, value) => {
    const lines = linesOf({ SMTP_URL, MAIL_FROM: 'ada@example.com', [name]: value });
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${name} must be `))]);
    expect(lines.join()).not.toContain(value);
  });
});
