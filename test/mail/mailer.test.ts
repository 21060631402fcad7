import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Mailer, type Letter } from '../../src/mail/index.js';
import { defaultBackoff } from '../../src/mail/backoff.js';
import { createLogger, type Logger } from '../../src/shared/logger.js';
import { useApp } from '../support/app.js';
import { checkedLog } from '../support/checked-log.js';
import { uniqueName } from '../support/client.js';
import { MailServer } from '../support/mail-server.js';
import { writtenLines } from '../support/written-lines.js';

const test = useApp();
const server = new MailServer();

beforeEach(async () => {
  server.mails.length = 0;
  server.recipients = 0;
  server.refusal = undefined;
  await test.db.mail.deleteMany();
  await server.start();
});
afterEach(() => server.stop());

const LETTER: Letter = {
  subject: 'Grüße <b>',
  title: 'A title & more',
  paragraphs: ['One <script>alert(1)</script>', 'Zwei: 你好'],
  link: { label: 'Press', url: 'https://example.com/?a=1&b="2' },
  codeHint: 'Or this:',
  code: 'Code1234',
  notes: ['A note.'],
};

const SOON_MS = 50;
const POLL_MS = 50;

function start(log: Logger = checkedLog, backoff = () => SOON_MS): Mailer {
  const mailer = new Mailer(server.settings(), { db: test.db, log, times: { pollMs: POLL_MS, backoff } });
  onTestFinished(() => mailer.stop());
  mailer.start();
  return mailer;
}

const newAddress = () => `${uniqueName()}@example.com`;
const queue = (mailer: Mailer, to: string, usefulMs?: number) =>
  test.db.inTransaction(1, (tx) => mailer.queue(tx, to, LETTER, usefulMs));
const arrived = (to: string) =>
  vi.waitFor(
    () => {
      const [mail] = server.to(to);
      if (!mail) throw new Error('not yet');
      return mail;
    },
    { timeout: 10_000 },
  );
const queueIsEmpty = () =>
  vi.waitFor(
    async () => {
      expect(await test.db.mail.count()).toBe(0);
    },
    { timeout: 10_000 },
  );

describe('a queued mail', () => {
  it('arrives as text and as HTML, and leaves nothing behind', async () => {
    const to = newAddress();
    await queue(start(), to);
    const mail = await arrived(to);
    expect(mail).toMatchObject({ from: 'no-reply@example.com', to: [to] });
    expect(mail.headers).toMatchObject({
      from: 'Messenger <no-reply@example.com>',
      to,
      subject: '=?UTF-8?Q?Gr=C3=BC=C3=9Fe_=3Cb=3E?=',
      'auto-submitted': 'auto-generated',
      'message-id': expect.stringMatching(/^<[0-9a-f-]{36}@example\.com>$/),
    });
    expect(mail.text).toContain('One <script>alert(1)</script>');
    expect(mail.text).toContain('Zwei: 你好');
    expect(mail.text).toContain('    Code1234');
    expect(mail.text).toContain('https://example.com/?a=1&b="2');
    expect(mail.html).toContain('Grüße &lt;b&gt;');
    expect(mail.html).toContain('One &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(mail.html).toContain('href="https://example.com/?a=1&amp;b=&quot;2"');
    expect(mail.html).not.toContain('<script');
    // Nothing tells anyone that it was read.
    expect(mail.html).not.toContain('<img');
    await queueIsEmpty();
  });

  it('is not sent when its transaction is rolled back', async () => {
    const [to, later] = [newAddress(), newAddress()];
    const mailer = start();
    const rolledBack = test.db.inTransaction(1, async (tx) => {
      await mailer.queue(tx, to, LETTER);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await queue(mailer, later);
    await arrived(later);
    await queueIsEmpty();
    expect(server.to(to)).toEqual([]);
  });

  it('waits for a mail server that is down, without its address in the log', async () => {
    const { destination, written } = writtenLines();
    await server.stop();
    const to = newAddress();
    await queue(start(createLogger('trace', destination)), to);
    await vi.waitFor(() => {
      expect(written.join('')).toContain('could not send a mail; trying again');
    }, 10_000);
    expect(await test.db.mail.count()).toBe(1);
    await server.start();
    await arrived(to);
    await queueIsEmpty();
    expect(server.to(to)).toHaveLength(1);
    expect(written.join('')).toContain('ESOCKET ECONNREFUSED');
    for (const secret of [to, 'Code1234', 'A title']) expect(written.join('')).not.toContain(secret);
  });

  it('is tried again when the mail server refuses it, and given up in the end', async () => {
    const { destination, written } = writtenLines();
    server.refusal = { code: 451, text: 'try later' };
    const to = newAddress();
    await queue(start(createLogger('trace', destination)), to, 2500);
    await vi.waitFor(() => {
      expect(written.join('')).toContain('gave up a mail');
    }, 15_000);
    await queueIsEmpty();
    expect(server.recipients).toBeGreaterThan(1);
    expect(written.join('')).toContain('EENVELOPE 451');
    // The mail server has repeated it.
    expect(written.join('')).not.toContain(to);
  });

  it('is given up when it is too late for it, and nobody was there to send it before', async () => {
    const { destination, written } = writtenLines();
    const to = newAddress();
    const later = newAddress();
    const stopped = new Mailer(server.settings(), { db: test.db, log: checkedLog });
    await queue(stopped, to, -1);
    await queue(stopped, later);
    start(createLogger('trace', destination));
    await arrived(later);
    await queueIsEmpty();
    expect(server.to(to)).toEqual([]);
    expect(written.join('')).toMatch(/TOO_LATE.*gave up a mail/);
  });

  it('is given up at once when there is no such address', async () => {
    server.refusal = { code: 550, text: '5.1.1 no such user' };
    const mailer = start();
    await queue(mailer, newAddress());
    await queueIsEmpty();
    expect(server.recipients).toBe(1);
  });

  it('is sent once, however many processes send', async () => {
    const [queuing] = [start(), start(), start()] as const;
    const addresses = Array.from({ length: 30 }, newAddress);
    for (const to of addresses) await queue(queuing, to);
    await queueIsEmpty();
    expect(server.mails.flatMap(({ to }) => to).sort()).toEqual(addresses.sort());
  });

  it('is sent by another process when the first has died while it sent', async () => {
    const to = newAddress();
    await queue(new Mailer(server.settings(), { db: test.db, log: checkedLog }), to);
    // What a claim leaves, once its time is over.
    await test.db.mail.updateMany({ data: { tries: 1, due_at: new Date(Date.now() - 1) } });
    start();
    await arrived(to);
    await queueIsEmpty();
  });
});

describe('a mailer', () => {
  it('stops within two seconds while the mail server says nothing', async () => {
    await server.stop();
    const silent = createServer(() => undefined).listen(server.port, '127.0.0.1');
    const connected = new Promise((resolve) => silent.once('connection', resolve));
    const mailer = start();
    await queue(mailer, newAddress());
    await connected;
    const began = Date.now();
    await mailer.stop();
    expect(Date.now() - began).toBeLessThan(2000);
    expect(await test.db.mail.count()).toBe(1);
    silent.close();
  });

  it('waits longer after each try', () => {
    const delays = [1, 2, 3, 4, 5, 6, 99].map((tries) => defaultBackoff(tries) / 1000);
    expect(delays).toEqual([30, 120, 600, 3600, 21_600, 21_600, 21_600]);
  });
});
