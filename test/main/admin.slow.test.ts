import { describe, expect, it } from 'vitest';
import { Authenticator } from '../support/authenticator.js';
import { PASSWORD, uniqueName } from '../support/client.js';
import { Program, Server, emptyFolder, environment, registerOn } from '../support/server.js';

/** The command, on the database of the settings. @param password what it reads from a pipe. */
async function admin(settings: Record<string, string>, password: string, ...args: string[]) {
  const program = new Program('src/admin.ts', settings, await emptyFolder(), args);
  program.process.stdin?.end(password);
  return program.exited;
}

describe('npm run admin', () => {
  it('makes, lists, grants and revokes while the server runs, and says so in the audit log', async () => {
    const settings = await environment();
    const server = await Server.start(settings, await emptyFolder());
    const username = uniqueName();
    const made = await admin(settings, `${PASSWORD}\n`, 'create', username, ` ${username}@EXAMPLE.com`);
    expect(made).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(`${username} is an admin`) });

    const login = await fetch(`${server.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ usernameOrEmail: username, password: PASSWORD }),
    });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const log = await server.get('/admin/audit-log', token);
    expect(log.status).toBe(200);
    expect(log.body).toMatchObject({
      entries: [{ action: 'admin.created', actor_type: 'operator', actor_id: null, details: {} }],
    });
    expect(JSON.stringify(log.body)).not.toContain(PASSWORD);
    expect(await admin(settings, '', 'list')).toMatchObject({ code: 0, stdout: expect.stringContaining(username) });

    expect(await admin(settings, '', 'revoke', username)).toMatchObject({ code: 0 });
    expect((await server.get('/admin/users', token)).status).toBe(403);
    expect(await admin(settings, '', 'grant', `${username}@example.com`)).toMatchObject({ code: 0 });
    expect((await server.get('/admin/users', token)).status).toBe(200);
    expect((await admin(settings, '', 'grant', username)).stderr).toContain('already');
    expect(await admin(settings, '', 'grant', 'nobody')).toMatchObject({
      ...{ code: 1, stderr: 'There is no such user.\n' },
    });
    expect(await admin(settings, PASSWORD, 'create', username, 'a@example.com')).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('taken') },
    });
  });

  it('turns two-factor authentication off for who has lost everything', async () => {
    const settings = await environment();
    const server = await Server.start(settings, await emptyFolder());
    const { token, id } = await registerOn(server);
    const { secret } = (await server.post('/user/two-factor', { password: PASSWORD }, token)).body;
    const code = new Authenticator(secret as string).code();
    const { access_token } = (await server.post('/user/two-factor/confirm', { code }, token)).body;
    const isOn = async () => (await server.get('/user/two-factor', access_token as string)).body.on;
    expect(await isOn()).toBe(true);
    const off = (who: string) => admin(settings, '', 'two-factor-off', who);
    expect(await off(String(id))).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('can log in') });
    expect(await isOn()).toBe(false);
    expect(await off(String(id))).toMatchObject({ code: 0, stderr: expect.stringContaining('no second factor') });
    expect(await off('nobody')).toMatchObject({ code: 1, stderr: 'There is no such user.\n' });
  });

  it('says what it takes, and refuses a bad name or password', async () => {
    const settings = await environment();
    for (const args of [
      [],
      ['create', 'ada'],
      ['create', 'ada', 'a@example.com', PASSWORD],
      ['grant'],
      ['two-factor-off'],
      ['--x'],
    ])
      expect(await admin(settings, '', ...args)).toMatchObject({
        ...{ code: 1, stderr: expect.stringContaining('npm run admin') },
      });
    for (const [password, ...names] of [
      ['short', 'ada', 'ada@example.com'],
      ['password1', 'ada', 'ada@example.com'],
      [PASSWORD, 'a b', 'ada@example.com'],
      [PASSWORD, 'ada', 'nothing'],
    ] as const) {
      const refused = await admin(settings, password, 'create', ...names);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^(username|email|password) must/) });
    }
  });
});
