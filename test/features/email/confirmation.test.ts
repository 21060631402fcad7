import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { useApp, TestApp, TEST_CONFIG } from '../../support/app.js';
import { call, expectError, Person, PASSWORD, register, uniqueName, type Answer } from '../../support/client.js';
import { MailServer } from '../../support/mail-server.js';
import { writtenLines } from '../../support/written-lines.js';
import { createLogger } from '../../../src/shared/logger.js';

const { destination, written } = writtenLines();
const server = new MailServer();
const test = new TestApp();

beforeAll(async () => {
  await server.start();
  const mail = server.settings({ linkUrl: 'https://app.example.com/confirm?from=mail', appName: 'Ada & Co' });
  await test.open({ mail }, { log: createLogger('trace', destination) });
});
beforeEach(() => {
  written.length = 0;
});
afterAll(async () => {
  await test.close();
  await server.stop();
});

interface Registered {
  readonly person: Person;
  readonly code: string;
}

async function registerByMail(): Promise<Registered> {
  const username = uniqueName();
  const email = `${username}@example.com`;
  const { status, body } = await call(test, 'POST', '/register', { body: { username, email, password: PASSWORD } });
  expect(status).toBe(200);
  const { body: me } = await call(test, 'GET', '/user/me', { token: body.access_token });
  const [code = ''] = await server.codesTo(email, 1);
  return { person: new Person(test, me.id, username, email, body.access_token), code };
}

const confirm = (token: string): Promise<Answer> => call(test, 'POST', '/email/confirm', { body: { token } });
const isConfirmed = async (person: Person) => (await person.get('/user/me')).body.email_confirmed as boolean;

describe('registering', () => {
  it('sends a code and a link, which confirm the address once', async () => {
    const { person, code } = await registerByMail();
    const [mail] = server.to(person.email);
    expect(mail?.headers.subject).toBe('Confirm your e-mail address for Ada & Co');
    expect(mail?.text).toContain(`https://app.example.com/confirm?from=mail&purpose=confirm_email&token=${code}`);
    expect(mail?.html).toContain(
      `href="https://app.example.com/confirm?from=mail&amp;purpose=confirm_email&amp;token=${code}"`,
    );
    expect(mail?.html).toContain('Ada &amp; Co');
    expect(await isConfirmed(person)).toBe(false);
    expect(await confirm(` ${code}\n`)).toMatchObject({ status: 200, body: { success: true } });
    expect(await isConfirmed(person)).toBe(true);
    expectError(await confirm(code), 400, 'INVALID_CODE');
    expect(written.join('')).toContain('request completed');
    for (const secret of [code, person.email]) expect(written.join('')).not.toContain(secret);
  });

  it('keeps no code, and sends no mail when it fails', async () => {
    const { person, code } = await registerByMail();
    const codes = await test.db.emailCode.findMany({ where: { user_id: BigInt(person.id) } });
    expect(codes).toHaveLength(1);
    expect(Buffer.from(codes[0]?.hash ?? []).toString()).not.toContain(code);
    await vi.waitFor(
      async () => {
        expect(await test.db.mail.count()).toBe(0);
      },
      { timeout: 10_000 },
    );
    const body = { username: person.username, email: `${uniqueName()}@example.com`, password: PASSWORD };
    expectError(await call(test, 'POST', '/register', { body }), 400, 'USER_EXISTS', {
      errors: { username: 'This username is taken.' },
    });
    expect(await test.db.mail.count()).toBe(0);
  });
});

describe('POST /email/confirm', () => {
  it('confirms the address of its user alone', async () => {
    const [ada, bob] = [await registerByMail(), await registerByMail()];
    expect((await confirm(bob.code)).status).toBe(200);
    expect(await isConfirmed(bob.person)).toBe(true);
    expect(await isConfirmed(ada.person)).toBe(false);
  });

  it('refuses a code that is wrong or expired', async () => {
    const { person, code } = await registerByMail();
    expectError(await confirm(`${code}x`), 400, 'INVALID_CODE');
    const past = new Date(Date.now() - 1);
    await test.db.emailCode.updateMany({ where: { user_id: BigInt(person.id) }, data: { expires_at: past } });
    expectError(await confirm(code), 400, 'INVALID_CODE');
    expect(await isConfirmed(person)).toBe(false);
  });

  it('refuses a code that was sent to an address that the user no longer has', async () => {
    const { person, code } = await registerByMail();
    const email = `${uniqueName()}@example.com`;
    await test.db.user.update({ where: { id: BigInt(person.id) }, data: { email } });
    expectError(await confirm(code), 400, 'INVALID_CODE');
    expect(await isConfirmed(person)).toBe(false);
  });

  it('is used up by one of two requests at once', async () => {
    const { person, code } = await registerByMail();
    const answers = await Promise.all([confirm(code), confirm(code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await isConfirmed(person)).toBe(true);
  });

  it('limits the wrong codes of a network, and not the right ones', async () => {
    const rateLimits = { ...TEST_CONFIG.rateLimits, loginFailures: 2 };
    const other = await test.another({ rateLimits, mail: server.settings() });
    const [ada, bob, eve] = [await registerByMail(), await registerByMail(), await registerByMail()];
    const confirmThere = (token: string) => call(other, 'POST', '/email/confirm', { body: { token } });
    for (const { code } of [ada, bob]) expect((await confirmThere(code)).status).toBe(200);
    for (const token of ['a', 'b']) expectError(await confirmThere(token), 400, 'INVALID_CODE');
    expectError(await confirmThere(eve.code), 429, 'TOO_MANY_REQUESTS');
    expect(await isConfirmed(eve.person)).toBe(false);
  });
});

describe('POST /user/email/confirmation', () => {
  it('sends another code, and leaves the first good', async () => {
    const { person, code } = await registerByMail();
    expect(await person.post('/user/email/confirmation', undefined)).toMatchObject({ body: { success: true } });
    const [first, second] = await server.codesTo(person.email, 2);
    expect(first).toBe(code);
    expect(second).not.toBe(code);
    expect((await confirm(code)).status).toBe(200);
    expectError(await person.post('/user/email/confirmation', undefined), 400, 'EMAIL_CONFIRMED');
  });

  it('is limited to five an hour', async () => {
    const person = await register(test);
    for (let index = 0; index < 5; index += 1)
      expect((await person.post('/user/email/confirmation', undefined)).status).toBe(200);
    const refused = await person.post('/user/email/confirmation', undefined);
    expectError(refused, 429, 'TOO_MANY_REQUESTS');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3000);
    await server.codesTo(person.email, 5);
  });

  it('needs a token, and an address', async () => {
    expectError(await call(test, 'POST', '/user/email/confirmation'), 401, 'NOT_AUTHORIZED');
    const person = await register(test);
    await test.db.user.update({ where: { id: BigInt(person.id) }, data: { email: null } });
    expectError(await person.post('/user/email/confirmation', undefined), 400, 'NO_EMAIL');
  });
});

describe('a server without mail', () => {
  const silent = useApp();

  it('opens accounts, sends nothing, and has no development mailbox', async () => {
    const username = uniqueName();
    const body = { username, email: `${username}@example.com`, password: PASSWORD };
    expect((await call(silent, 'POST', '/register', { body })).status).toBe(200);
    expect(await silent.db.mail.count()).toBe(0);
    expectError(await call(silent, 'GET', '/dev/mail'), 404, 'NOT_FOUND');
    const person = await register(silent);
    expectError(await person.post('/user/email/confirmation', undefined), 400, 'NO_MAIL');
  });

  it('shows no development mailbox with a mail server either', async () => {
    expectError(await call(test, 'GET', '/dev/mail'), 404, 'NOT_FOUND');
  });
});
