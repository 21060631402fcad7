import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { TestApp } from '../../support/app.js';
import { protect } from '../../support/authenticator.js';
import { PASSWORD, Person, register } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { MailServer } from '../../support/mail-server.js';

const server = new MailServer();
const test = new TestApp();

beforeAll(async () => {
  await server.start();
  await test.open({ mail: server.settings({ appName: 'Ada & Co' }) }, {});
});
afterAll(async () => {
  await test.close();
  await server.stop();
});

it('tells the owner of the account, and has no secret in it', async () => {
  const ada = await register(test);
  const subjects = async (count: number) => {
    await vi.waitFor(
      () => {
        expect(server.to(ada.email)).toHaveLength(count);
      },
      { timeout: 10_000 },
    );
    return server.to(ada.email).map(({ headers }) => headers.subject);
  };
  const [on, off] = ['on', 'off'].map((word) => `Two-factor authentication is ${word} for Ada & Co`);
  const first = await protect(ada);
  expect(await subjects(1)).toEqual([on]);
  const here = new Person(test, ada.id, ada.username, ada.email, first.token);
  await here.post('/user/two-factor/remove', { password: PASSWORD, code: first.recoveryCodes[0] });
  expect(await subjects(2)).toEqual([on, off]);
  const again = await protect(here);
  await subjects(3);
  await (await Host.of(test)).post(`/admin/users/${ada.id}/two-factor/remove`, undefined);
  expect(await subjects(4)).toEqual([on, off, on, off]);
  const all = server.to(ada.email).map(({ text, html }) => text + html);
  for (const secret of [...again.recoveryCodes, ada.username]) expect(all.join('').includes(secret)).toBe(false);
});
