import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PASSWORD, uniqueName } from './support/client.js';
import { copyTemplate, postgresUrl } from './support/database.js';
import { Program, Server, emptyFolder } from './support/server.js';

const SECRET = 'only the tests know this secret of theirs';

/** The environment of a server on a copy of the migrated database. */
async function environment(): Promise<Record<string, string>> {
  const database = await copyTemplate();
  onTestFinished(() => database.drop());
  return database.url ? { DATABASE_URL: database.url, JWT_SECRET: SECRET } : { DATA_DIR: database.dataDir };
}

async function registerOn(server: Server): Promise<{ token: string; id: number }> {
  const username = uniqueName();
  const { body } = await server.post('/register', { username, email: `${username}@example.com`, password: PASSWORD });
  const token = body.access_token as string;
  return { token, id: (await server.get('/user/me', token)).body.id as number };
}

describe('a start', () => {
  it('needs nothing at all: a database and a secret are made, and kept', async () => {
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
    const { code, stdout } = await program.exited;
    expect(code).toBe(1);
    expect(stdout).toContain('EADDRINUSE');
  });
});

describe('npm run migrate', () => {
  it('applies what is pending and ends with 0, without a word to spare', async () => {
    const { code, stdout } = await new Program('src/migrate.ts', await environment(), await emptyFolder()).exited;
    expect(code).toBe(0);
    expect(stdout).toContain('the database is up to date');
  });
});

describe('a stop', () => {
  /** The status of a request on a connection that stays open. */
  const statusOf = (url: string, agent: Agent) =>
    new Promise<number | undefined>((resolve, reject) => {
      get(url, { agent }, (response) => {
        response.resume().on('end', () => {
          resolve(response.statusCode);
        });
      }).on('error', reject);
    });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s is announced by ready, finishes what runs, and ends with 0',
    async (signal) => {
      const server = await Server.start({ ...(await environment()), SHUTDOWN_DELAY_MS: '600' }, await emptyFolder());
      const { token, id } = await registerOn(server);
      const { body: chat } = await server.post(
        '/chat/group/create',
        { with_ids: [(await registerOn(server)).id], name: 'x' },
        token,
      );
      const agent = new Agent({ keepAlive: true });
      await statusOf(`${server.url}/health/live`, agent);

      const begin = Date.now();
      server.process.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await server.get('/health/ready')).status).toBe(503);
      const username = uniqueName();
      const running = [
        server.post(`/chat/${chat.id as number}/message`, { contents: 'still here' }, token),
        server.get('/user/me', token),
        server.post('/register', { username, email: `${username}@example.com`, password: PASSWORD }),
        statusOf(`${server.url}/health/live`, agent).then((status) => ({ status })),
      ];
      for (const { status } of await Promise.all(running)) expect(status).toBe(200);
      expect(id).toBeGreaterThan(0);

      const { code, stdout } = await server.exited;
      expect(code).toBe(0);
      expect(Date.now() - begin).toBeLessThan(10_000);
      expect(stdout).toContain('"msg":"closed"');
      agent.destroy();
    },
  );

  it('ends within ten seconds when a client never ends its request', async () => {
    const server = await Server.start({ ...(await environment()), SHUTDOWN_DELAY_MS: '0' }, await emptyFolder());
    const { port } = new URL(server.url);
    const { connect } = await import('node:net');
    const slow = connect(Number(port), '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const begin = Date.now();
    expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 });
    expect(Date.now() - begin).toBeLessThan(10_000);
    slow.destroy();
  });

  it('by a second signal is forced', async () => {
    const server = await Server.start({ ...(await environment()), SHUTDOWN_DELAY_MS: '8000' }, await emptyFolder());
    const begin = Date.now();
    server.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await server.kill('SIGTERM')).toMatchObject({ code: 1 });
    expect(Date.now() - begin).toBeLessThan(4000);
  });
});

describe('a kill', () => {
  it('during 500 sends at once loses none that was acknowledged, and doubles none', { timeout: 60_000 }, async () => {
    const settings = await environment();
    const cwd = await emptyFolder();
    const server = await Server.start(settings, cwd);
    const { token } = await registerOn(server);
    const { body: chat } = await server.post(
      '/chat/group/create',
      { with_ids: [(await registerOn(server)).id], name: 'x' },
      token,
    );
    const chatId = chat.id as number;

    const acknowledged = new Map<number, string>();
    const killAfter = 150;
    const sends = Array.from({ length: 500 }, async (_, index) => {
      const { status, body } = await server.post(`/chat/${chatId}/message`, { contents: `message ${index}` }, token);
      expect(status).toBe(200);
      acknowledged.set(body.id as number, body.contents as string);
      if (acknowledged.size === killAfter) server.process.kill('SIGKILL');
    });
    await Promise.allSettled(sends);
    await server.exited;
    expect(acknowledged.size).toBeGreaterThanOrEqual(killAfter);
    expect(acknowledged.size).toBeLessThan(500);

    const again = await Server.start(settings, cwd);
    const found = new Map<number, string>();
    for (let cursor = ''; ;) {
      const { body } = await again.get(`/chat/${chatId}/messages?limit=100${cursor}`, token);
      const messages = body.messages as { id: number; contents: string }[];
      if (messages.length === 0) break;
      for (const { id, contents } of messages) found.set(id, contents);
      cursor = `&cursor=${messages.at(-1)?.id}`;
    }
    for (const [id, contents] of acknowledged) expect(found.get(id)).toBe(contents);
    expect(new Set(found.values()).size).toBe(found.size);

    // The book-keeping of the chat is whole as well: another send goes on where the last one ended.
    const { status, body } = await again.post(`/chat/${chatId}/message`, { contents: 'after' }, token);
    expect(status).toBe(200);
    expect(body.id).toBeGreaterThan(Math.max(...found.keys()));
    await again.kill('SIGTERM');

    if (settings.DATABASE_URL) {
      const client = new pg.Client(settings.DATABASE_URL);
      await client.connect();
      const { rows } = await client.query(
        'select last_pts::int, (select count(*)::int from message where chat_id = chat.id) from chat where id = $1',
        [chatId],
      );
      expect(rows).toEqual([{ last_pts: found.size + 2, count: found.size + 1 }]);
      await client.end();
    }
  });
});
