import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOOPBACK, freePort, isOpen, until } from '../processes/network.js';
import { Program } from '../processes/program.js';

const START_TIMEOUT_MS = 10_000;
/** It refuses to be root. */
const USER = process.getuid?.() === 0 ? ['--user', 'nobody'] : [];

const [, major = '0', minor = '0'] =
  /PgBouncer (\d+)\.(\d+)/.exec(String(spawnSync('pgbouncer', ['--version']).stdout)) ?? [];

/** Which is installed, such as 1.24 as 1024; 0: none is. */
export const pgbouncerVersion = Number(major) * 1000 + Number(minor);
/** From here on it carries prepared statements along. */
export const FIRST_WITH_STATEMENTS = 1021;

/** It takes no password for an empty one. */
function credentialsOf({ username, password }: URL): string {
  const [user, secret] = [username, password].map((text) => decodeURIComponent(text).replaceAll("'", "''"));
  return secret ? `user='${user}' password='${secret}'` : `user='${user}'`;
}

/**
 * One in transaction mode, with fewer connections to PostgreSQL than a server has to it.
 * @param maxPreparedStatements how many it carries along, if it can; 0: none, as before 1.21.
 */
export async function startPgbouncer(
  databaseUrl: string,
  maxPreparedStatements: number,
): Promise<{ readonly url: string; end(): Promise<void> }> {
  const database = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'messenger-test-pgbouncer-'));
  const port = await freePort();
  const settings = [
    '[databases]',
    `* = host=${database.hostname} port=${database.port || '5432'} ${credentialsOf(database)}`,
    '[pgbouncer]',
    `listen_addr = ${LOOPBACK}`,
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 3',
    ...(pgbouncerVersion >= FIRST_WITH_STATEMENTS ? [`max_prepared_statements = ${maxPreparedStatements}`] : []),
  ];
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, settings.join('\n'));
  await chmod(folder, 0o755);
  const program = new Program({
    command: 'pgbouncer',
    args: [...USER, file],
    folder,
    logFile: join(folder, 'pgbouncer.log'),
  });
  await until(() => isOpen(port), START_TIMEOUT_MS, 'PgBouncer starts');
  const url = new URL(database);
  url.host = `${LOOPBACK}:${port}`;
  return {
    url: url.href,
    async end() {
      await program.end('SIGKILL');
      await rm(folder, { recursive: true });
    },
  };
}
