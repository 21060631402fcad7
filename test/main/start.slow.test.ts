import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { postgresUrl } from '../support/database.js';
import { Program, SECRET, Server, emptyFolder, environment, registerOn } from '../support/server.js';

describe('a start', () => {
  it.skipIf(postgresUrl)('needs nothing at all: a database and a secret are made, and kept', async () => {
    const cwd = await emptyFolder();
    const first = await Server.start({}, cwd);
    expect((await first.get('/health/ready')).status).toBe(200);
    const { token } = await registerOn(first);
    expect(await first.kill('SIGTERM')).toMatchObject({ code: 0 });
    expect((await readdir(join(cwd, 'data'))).sort()).toEqual(['jwt-secret', 'postgres']);
    expect((await stat(join(cwd, 'data'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(cwd, 'data/jwt-secret'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(cwd, 'data/jwt-secret'), 'utf8')).length).toBe(64);

    const second = await Server.start({}, cwd);
    expect((await second.get('/user/me', token)).status).toBe(200);
    await second.kill('SIGTERM');
  });

  it('reads .env, and the environment before it', async () => {
    const cwd = await emptyFolder();
    await writeFile(join(cwd, '.env'), 'PORT=nonsense\nLOG_LEVEL=nonsense\n');
    const { code, stderr } = await new Program('src/main.ts', { PORT: '0' }, cwd).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^LOG_LEVEL must be one of .+\.\n$/);
  });

  it('with a wrong configuration says a line for each variable, and ends with 1', async () => {
    const wrong = { PORT: '99999', DATABASE_URL: 'mysql://x', MIGRATE: 'maybe', JWT_SECRET: 'short' };
    const { code, stdout, stderr } = await new Program('src/main.ts', wrong, await emptyFolder()).exited;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^PORT must /),
      expect.stringMatching(/^DATABASE_URL must /),
      expect.stringMatching(/^MIGRATE must /),
    ]);
    expect(stderr).not.toContain('short');
  });

  it('ends with 1 when the database is not there, without the password in the log', async () => {
    const url = 'postgresql://ada:s3cret-word@127.0.0.1:1/none';
    const program = new Program('src/main.ts', { DATABASE_URL: url, JWT_SECRET: SECRET }, await emptyFolder());
    const { code, stdout, stderr } = await program.exited;
    expect(code).toBe(1);
    expect(stdout).toContain('could not start');
    expect(stdout + stderr).not.toContain('s3cret-word');
  });

  it.skipIf(postgresUrl)('ends with 1 when another server has the data folder', async () => {
    const settings = await environment();
    const first = await Server.start(settings, await emptyFolder());
    const { code, stdout } = await new Program('src/main.ts', { PORT: '0', ...settings }, await emptyFolder()).exited;
    expect(code).toBe(1);
    expect(stdout).toContain('Another process has the data folder open');
    expect((await first.get('/health/ready')).status).toBe(200);
  });

  it('ends with 1 when the port is taken', async () => {
    const first = await Server.start(await environment(), await emptyFolder());
    const PORT = new URL(first.url).port;
    const program = new Program('src/main.ts', { ...(await environment()), PORT }, await emptyFolder());
    const { code, stdout, stderr } = await program.exited;
    expect(code).toBe(1);
    expect(stdout).toContain('EADDRINUSE');
    expect(stderr).toMatch(new RegExp(`^PORT ${PORT} is in use.*\\n$`));
  });

  it.each(['no-such-host.invalid', '203.0.113.7', '2001:db8::7', 'two words'])(
    'ends with 1 and names the HOST %s, which it can’t listen on',
    async (HOST) => {
      const settings = await environment();
      const cwd = await emptyFolder();
      const { code, stderr } = await new Program('src/main.ts', { PORT: '0', HOST, ...settings }, cwd).exited;
      expect(code).toBe(1);
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(`HOST ${HOST} `)]);
      if (settings.DATA_DIR) expect(await readdir(settings.DATA_DIR)).not.toContain('database-url');
      if (settings.DATA_DIR) expect(await readdir(settings.DATA_DIR)).not.toContain('lock');
    },
  );

  it.skipIf(postgresUrl).each(['postgres.new', 'postgres', 'database-url'])(
    'leaves no temporary files when it is stopped as soon as there is %s',
    { timeout: 120_000 },
    async (name) => {
      const cwd = await emptyFolder();
      const program = new Program('src/main.ts', { PORT: '0', SHUTDOWN_DELAY_MS: '0' }, cwd);
      const data = () => readdir(join(cwd, 'data')).catch(() => [] as string[]);
      while (!(await data()).includes(name)) await sleep(5);
      await program.kill('SIGTERM');
      expect((await data()).filter((left) => !['jwt-secret', 'postgres'].includes(left))).toEqual([]);
    },
  );

  it('says what has no effect, and starts', async () => {
    const cwd = await emptyFolder();
    const text = '\ufeffHOST=127.0.0.1\r\nJWT_SECERT=x\r\nLOG_LEVEL=fatal\r\nLOG_LEVEL=info\r\n';
    await writeFile(join(cwd, '.env'), text);
    const server = await Server.start({ ...(await environment()), SHUTDOWN_DELAY_MS: '0' }, cwd);
    expect(server.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^LOG_LEVEL is given more than once/),
      expect.stringMatching(/^JWT_SECERT is not known.* JWT_SECRET\?$/),
    ]);
    await server.kill('SIGTERM');
  });
});

describe('npm run migrate', () => {
  it('applies what is pending and ends with 0, without a word to spare', async () => {
    const { code, stdout } = await new Program('src/migrate.ts', await environment(), await emptyFolder()).exited;
    expect(code).toBe(0);
    expect(stdout).toContain('the database is up to date');
  });
});
