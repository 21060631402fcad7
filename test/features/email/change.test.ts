import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApp } from '../../support/app.js';
import type { Person } from '../../support/client.js';
import { call, expectError, PASSWORD, register, uniqueName, type Answer } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { MailServer } from '../../support/mail-server.js';

const server = new MailServer();
const test = new TestApp();

beforeAll(async () => {
  await server.start();
  await test.open({ mail: server.settings({ linkUrl: 'https://app.example.com/mail' }) }, {});
});
afterAll(async () => {
  await test.close();
  await server.stop();
});

const newAddress = () => `${uniqueName()}@example.org`;
const confirm = (token = ''): Promise<Answer> => call(test, 'POST', '/email/confirm', { body: { token } });
const ask = (person: Person, email: string, password = PASSWORD) => person.post('/user/email', { email, password });
const logIn = (usernameOrEmail: string) =>
  call(test, 'POST', '/login', { body: { usernameOrEmail, password: PASSWORD } });

describe('POST /user/email', () => {
  it('sends a code to the new address, which changes when it comes back, and the old one is told', async () => {
    const ada = await register(test);
    const email = newAddress();
    expect(await ask(ada, ` ${email.toUpperCase()} `)).toMatchObject({ status: 200, body: { success: true } });
    const [code] = await server.codesTo(email, 1);
    expect(server.to(email)[0]?.text).toContain(`https://app.example.com/mail?purpose=change_email&token=${code}`);
    expect((await ada.get('/user/me')).body).toMatchObject({ email: ada.email, email_confirmed: false });
    expect((await confirm(code)).status).toBe(200);
    expect((await ada.get('/user/me')).body).toMatchObject({ email, email_confirmed: true });
    await server.codesTo(ada.email, 1);
    const [told] = server.to(ada.email);
    expect(told?.headers.subject).toContain('has another e-mail address');
    expect(told?.text).not.toContain(email);
    expect((await logIn(email)).status).toBe(200);
    expectError(await logIn(ada.email), 400, 'WRONG_CREDENTIALS');
    expectError(await confirm(code), 400, 'INVALID_CODE');
  });

  it('needs the password, which a user of the host application has not', async () => {
    const ada = await register(test);
    expectError(await ask(ada, newAddress(), 'a wrong guess'), 400, 'WRONG_CREDENTIALS');
    const host = await Host.of(test);
    const { body } = await host.put(`/server/users/ext:${uniqueName()}`, {});
    const token = test.app.createAccessToken(body.user.id as number);
    const change = { email: newAddress(), password: '' };
    expectError(await call(test, 'POST', '/user/email', { token, body: change }), 400, 'WRONG_CREDENTIALS');
  });

  it('takes the newest code alone', async () => {
    const ada = await register(test);
    const [first, second] = [newAddress(), newAddress()];
    await ask(ada, first);
    const [old] = await server.codesTo(first, 1);
    await ask(ada, second);
    const [code] = await server.codesTo(second, 1);
    expectError(await confirm(old), 400, 'INVALID_CODE');
    expect((await confirm(code)).status).toBe(200);
    expect((await ada.get('/user/me')).body.email).toBe(second);
  });

  it('does not tell that an address is taken, but its owner, who gets no code', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    expect(await ask(ada, bob.email)).toMatchObject({ status: 200, body: { success: true } });
    expect(await server.codesTo(bob.email, 1)).toEqual(['']);
    expect(server.to(bob.email)[0]?.text).toContain('in use already');
    expect((await ada.get('/user/me')).body.email).toBe(ada.email);
  });

  it('changes nothing when another user has got the address meanwhile', async () => {
    const ada = await register(test);
    const email = newAddress();
    await ask(ada, email);
    const [code] = await server.codesTo(email, 1);
    const bob = await register(test);
    await test.db.user.update({ where: { id: BigInt(bob.id) }, data: { email } });
    expectError(await confirm(code), 400, 'INVALID_CODE');
    expect((await ada.get('/user/me')).body.email).toBe(ada.email);
  });

  it('ends with the password by which it was asked', async () => {
    const ada = await register(test);
    const email = newAddress();
    await ask(ada, email);
    const [code] = await server.codesTo(email, 1);
    await ada.post('/user/password', { password: PASSWORD, new_password: 'staple battery horse correct' });
    expectError(await confirm(code), 400, 'INVALID_CODE');
  });

  it('is limited to five an hour', async () => {
    const ada = await register(test);
    for (let count = 0; count < 5; count++) expect((await ask(ada, newAddress())).status).toBe(200);
    expectError(await ask(ada, newAddress()), 429, 'TOO_MANY_REQUESTS');
  });
});
