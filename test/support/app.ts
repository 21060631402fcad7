import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { buildApp, type AppConfig, type Dependencies } from '../../src/app.js';
import { openDatabase, type Database, type OpenDatabase } from '../../src/database/index.js';
import { createLogger } from '../../src/shared/logger.js';
import type { TestTarget } from './client.js';
import { copyTemplate, type TestDatabase } from './database.js';

export const TEST_CONFIG: AppConfig = {
  publicUrl: 'http://127.0.0.1:8000',
  jwt: { secret: 'the secret of the tests, which is long enough', ttlSeconds: 3600 },
  corsOrigins: false,
  trustProxy: false,
  rateLimits: { credentials: 0, loginFailures: 0 },
  logRequestsPerSecond: 100,
  maxConcurrentRequests: 500,
  maxSockets: 1000,
  socketCompression: false,
};

export const DATABASE_OPTIONS = { poolSize: 16, timeoutMs: 5000, migrate: false };

/** The server as it is in production, on a database of the test file's own; it is made and closed with the file. */
export class TestApp {
  app!: FastifyInstance;
  db!: Database;
  #database!: OpenDatabase;
  #copy!: TestDatabase;
  readonly #apps: FastifyInstance[] = [];

  async open(config: Partial<AppConfig>, dependencies: Partial<Dependencies>): Promise<void> {
    const log = dependencies.log ?? createLogger('silent');
    this.#copy = await copyTemplate();
    this.#database = await openDatabase({ ...DATABASE_OPTIONS, ...this.#copy }, log);
    this.db = this.#database.db;
    this.app = (await this.another(config, dependencies)).app;
  }

  /** One more server on the same database. */
  async another(config: Partial<AppConfig>, dependencies: Partial<Dependencies> = {}): Promise<TestTarget> {
    const log = dependencies.log ?? createLogger('silent');
    const app = await buildApp({ ...TEST_CONFIG, ...config }, { db: this.db, log, ...dependencies });
    this.#apps.push(app);
    await app.ready();
    return { app, db: this.db };
  }

  async close(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close()));
    // Waits for every connection to come back: one that a request has kept makes the file fail.
    await this.#database.close();
    await this.#copy.drop();
  }
}

export function useApp(config: Partial<AppConfig> = {}, dependencies: Partial<Dependencies> = {}): TestApp {
  const test = new TestApp();
  beforeAll(() => test.open(config, dependencies));
  afterAll(() => test.close());
  return test;
}
