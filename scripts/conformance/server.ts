import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import pg from 'pg';
import { OWN_ISSUER } from '../../src/config/index.js';
import { runningDatabaseUrl } from '../../src/database/embedded/data-folder.js';
import { EMBEDDED_SCHEMA } from '../../src/database/location.js';
import { MESSENGER, startNodeServer, type NodeServer } from '../../test/processes/node-server.js';
import { Person } from './person.js';

const UNLIMITED = ['CREDENTIALS', 'REQUESTS', 'SENDS', 'CHATS', 'PEOPLE', 'SEARCHES'].map(
  (name) => [`RATE_LIMIT_${name}`, '0'] as const,
);

/** The server as an operator starts it, on an embedded database of its own. */
export class TestServer {
  readonly #folder: string;
  readonly #secret = randomBytes(32);
  #others: Promise<readonly [Person, Person]> | undefined;
  #running!: NodeServer;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(folder: string): Promise<TestServer> {
    await mkdir(folder, { recursive: true });
    const server = new TestServer(folder);
    await server.start();
    return server;
  }

  get #dataDir(): string {
    return join(this.#folder, 'data');
  }

  get url(): string {
    return this.#running.url;
  }

  /** It may be at another port than before. */
  async start(): Promise<void> {
    this.#running = await startNodeServer('server', [MESSENGER], this.#folder, {
      DATA_DIR: this.#dataDir,
      JWT_SECRET: this.#secret.toString('hex'),
      LOG_LEVEL: 'warn',
      // The kit may be quicker than the machine.
      DATABASE_TIMEOUT_MS: '60000',
      ...Object.fromEntries(UNLIMITED),
    });
  }

  async kill(): Promise<void> {
    await this.#running.program.end('SIGKILL');
  }

  /** As an operator does after a backup was restored. */
  async rotateEpoch(): Promise<void> {
    const client = new pg.Client({ connectionString: await runningDatabaseUrl(this.#dataDir) });
    await client.connect();
    await client.query(`update ${EMBEDDED_SCHEMA}.sync_epoch set epoch = gen_random_uuid(), rotated_at = now()`);
    await client.end();
  }

  /** An access token that is good for so many seconds. */
  token(userId: number, seconds: number): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(String(userId))
      .setIssuer(OWN_ISSUER)
      .setAudience(OWN_ISSUER)
      .setJti(randomBytes(8).toString('hex'))
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(new TextEncoder().encode(this.#secret.toString('hex')));
  }

  /** Two people who are there for everybody. */
  others(): Promise<readonly [Person, Person]> {
    return (this.#others ??= Promise.all([this.register(), this.register()]));
  }

  async register(): Promise<Person> {
    const username = `c${randomBytes(8).toString('hex')}`;
    return Person.register(() => this.url, username);
  }
}
