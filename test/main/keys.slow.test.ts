import { describe, expect, it } from 'vitest';
import { Program, Server, emptyFolder, environment } from '../support/server.js';

/** The command, on the database of the settings. */
async function keys(settings: Record<string, string>, ...args: string[]) {
  return new Program('src/keys.ts', settings, await emptyFolder(), args).exited;
}

describe('npm run keys', () => {
  it('makes, lists and revokes keys while the server runs', async () => {
    const settings = await environment();
    const server = await Server.start(settings, await emptyFolder());
    const made = await keys(settings, 'create', '--name', 'shop', '--scopes', 'admin,users:write');
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('shown this once') });
    const key = made.stdout.trim();
    expect(key).toMatch(/^mk_[0-9A-Za-z]{8}_[0-9A-Za-z]{40,43}$/);
    expect((await server.get('/server/keys', key)).status).toBe(200);

    const listed = await keys(settings, 'list');
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining(key.slice(0, 11)) });
    expect(listed.stdout).not.toContain(key.slice(12));

    expect(await keys(settings, 'revoke', key.slice(0, 11))).toMatchObject({ code: 0 });
    await expect.poll(async () => (await server.get('/server/keys', key)).status, { timeout: 5000 }).toBe(401);
    expect(await keys(settings, 'revoke', 'mk_nobody00')).toMatchObject({
      code: 1,
      stderr: 'There is no key mk_nobody00.\n',
    });
  });

  it('says how it is used, and what is wrong', async () => {
    const settings = await environment();
    for (const args of [
      [],
      ['create'],
      ['create', '--name', 'x', '--scopes', 'everything'],
      ['list', 'x'],
      ['--nonsense'],
    ])
      expect(await keys(settings, ...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('npm run keys') });
    const past = await keys(settings, 'create', '--name', 'x', '--scopes', 'admin', '--expires', '2020-01-01');
    expect(past).toMatchObject({ code: 1, stderr: 'expires_at must be a time to come\n', stdout: '' });
  });
});
