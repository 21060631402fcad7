import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../processes/network.js';

/** Where PostgreSQL's own programs are; empty: they are not installed. */
const BIN = String(spawnSync('pg_config', ['--bindir']).stdout).trim();
const OWNER = 'postgres';
/** PostgreSQL refuses to be root. */
const isRoot = process.getuid?.() === 0;
export const canStartPostgres =
  BIN !== '' && spawnSync('openssl', ['version']).status === 0 && (!isRoot || spawnSync('id', [OWNER]).status === 0);

/** A PostgreSQL of a test's own, with TLS or without. */
export class PostgresServer {
  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  static async make(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), 'messenger-test-postgres-'));
    if (isRoot) await chown(folder, ...idsOf(OWNER));
    const server = new PostgresServer(folder, await freePort());
    run('initdb', ['--pgdata', server.data, '--auth', 'trust', '--username', OWNER, '--encoding', 'UTF8', '--no-sync']);
    await server.configure(`port = ${server.port}`, `unix_socket_directories = ''`, 'fsync = off');
    return server;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  get url(): string {
    return `postgresql://${OWNER}@127.0.0.1:${this.port}/postgres`;
  }

  /** The certificate that it shows, which nobody but itself has signed. */
  get certificate(): string {
    return join(this.folder, 'server.crt');
  }

  /** Lines of its configuration. */
  async configure(...lines: string[]): Promise<void> {
    await appendFile(join(this.data, 'postgresql.conf'), `${lines.join('\n')}\n`);
  }

  /** Who may connect how, instead of everybody in every way. */
  async allow(line: string): Promise<void> {
    await writeFile(join(this.data, 'pg_hba.conf'), `${line}\n`);
  }

  /** @param name for which the certificate is. */
  async useTls(name: string): Promise<void> {
    const key = join(this.folder, 'server.key');
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    const files = ['-keyout', key, '-out', this.certificate];
    const kind = ['-new', '-x509', '-days', '2', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', ...kind, ...subject, ...files], { stdio: 'pipe' });
    await chmod(key, 0o600);
    if (isRoot) await chown(key, ...idsOf(OWNER));
    await this.configure('ssl = on', `ssl_cert_file = '${this.certificate}'`, `ssl_key_file = '${key}'`);
  }

  start(): void {
    run('pg_ctl', ['--pgdata', this.data, '--log', join(this.folder, 'log'), '--wait', 'start']);
  }

  stop(): void {
    run('pg_ctl', ['--pgdata', this.data, '--mode', 'immediate', '--wait', 'stop']);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

function run(program: string, args: string[]): void {
  const command = [join(BIN, program), ...args];
  const [file = '', ...rest] = isRoot ? ['runuser', '-u', OWNER, '--', ...command] : command;
  // Not pipes: the server would keep them open.
  execFileSync(file, rest, { stdio: 'ignore', cwd: tmpdir() });
}

function idsOf(user: string): [number, number] {
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return [id('-u'), id('-g')];
}
