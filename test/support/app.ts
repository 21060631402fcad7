import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { buildApp, type AppConfig, type Dependencies } from '../../src/app.js';
import { defaultBackoff } from '../../src/mail/backoff.js';
import { openDatabase, type Database, type OpenDatabase } from '../../src/database/index.js';
import { checkedLog } from './checked-log.js';
import type { TestTarget } from './client.js';
import { sharedDatabase } from './database.js';
import { inspectFrame } from './frame-schemas.js';

export const NO_LIMITS = { credentials: 0, loginFailures: 0, requests: 0, sends: 0, chats: 0, people: 0, searches: 0 };

export const TEST_CONFIG: AppConfig = {
  publicUrl: 'http://127.0.0.1:8000',
  webPage: undefined,
  jwt: { secret: 'the secret of the tests, which is long enough', previousSecret: undefined, ttlSeconds: 3600 },
  corsOrigins: false,
  trustProxy: false,
  rateLimits: NO_LIMITS,
  logRequestsPerSecond: 100,
  messages: {
    maxLength: 2047,
    editHistory: { days: 30, isForEveryone: false },
    editWindowSeconds: { private: 0, group: 0 },
  },
  publicGroups: true,
  maxConcurrentRequests: 500,
  maxSockets: 1000,
  socketCompression: false,
  jwtIssuers: [],
  development: false,
  mail: undefined,
  reportReasons: ['spam', 'other'],
  twoFactor: { issuer: 'Messenger', isRequiredOfAdmins: false },
};

/** Mails are looked for often, so that no test waits for one. */
const MAIL_TIMES = { pollMs: 50, backoff: defaultBackoff };

export const DATABASE_OPTIONS = { dataDir: 'there is none', poolSize: 16, timeoutMs: 5000, migrate: false };

/** The server as it is in production, on the shared database; it is made and closed with the file. */
export class TestApp {
  app!: FastifyInstance;
  db!: Database;
  #database!: OpenDatabase;
  readonly #apps: FastifyInstance[] = [];

  async open(config: Partial<AppConfig>, dependencies: Partial<Dependencies>): Promise<void> {
    const log = dependencies.log ?? checkedLog;
    this.#database = await openDatabase({ ...DATABASE_OPTIONS, ...(await sharedDatabase()) }, log);
    this.db = this.#database.db;
    this.app = (await this.another(config, dependencies)).app;
  }

  /** One more server on the same database. */
  async another(config: Partial<AppConfig>, dependencies: Partial<Dependencies> = {}): Promise<TestTarget> {
    const log = dependencies.log ?? checkedLog;
    const app = await buildApp(
      { ...TEST_CONFIG, ...config },
      { db: this.db, log, inspectFrame, mailTimes: MAIL_TIMES, ...dependencies },
    );
    this.#apps.push(app);
    await app.ready();
    return { app, db: this.db };
  }

  async close(): Promise<void> {
    // A client such as fetch opens connections in advance, for whose requests a server that closes would wait.
    for (const app of this.#apps) app.server.closeAllConnections();
    await Promise.all(this.#apps.map((app) => app.close()));
    // Waits for every connection to come back: one that a request has kept makes the file fail.
    await this.#database.close();
  }
}

export function useApp(config: Partial<AppConfig> = {}, dependencies: Partial<Dependencies> = {}): TestApp {
  const test = new TestApp();
  beforeAll(() => test.open(config, dependencies));
  afterAll(() => test.close());
  return test;
}
