import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/app.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded/postgres.js';
import { migrate } from '../../src/database/migrations/migrate.js';
import { openDatabase, type OpenDatabase } from '../../src/database/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { TEST_CONFIG } from '../support/app.js';
import {
  call,
  expectError,
  register,
  registerMany,
  type Answer,
  type Person,
  type TestTarget,
} from '../support/client.js';
import { emptyDatabase, postgresUrl, type TestDatabase } from '../support/database.js';
import { lockChat, lockUsers } from '../support/locks.js';

/** A road to the database that can be closed and opened again, as a network or a restart does it. */
class Road {
  readonly #server = createServer((client) => {
    if (this.closed) {
      client.destroy();
      return;
    }
    const upstream = connect(this.#port, this.#host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
      if (this.#stalled) from.pause();
    }
  });
  readonly #sockets = new Set<Socket>();
  #stalled = false;
  readonly #host: string;
  readonly #port: number;
  closed = false;

  constructor(readonly database: URL) {
    this.#host = database.hostname;
    this.#port = Number(database.port || 5432);
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.database);
    url.host = `127.0.0.1:${(this.#server.address() as { port: number }).port}`;
    return url.href;
  }

  cut(): void {
    this.closed = true;
    this.#stalled = false;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** From now on nothing arrives any more, also over new connections, and nobody is told. */
  stall(): void {
    this.#stalled = true;
    for (const socket of this.#sockets) socket.pause();
  }

  end(): void {
    this.cut();
    this.#server.close();
  }
}

/** Long enough for the first use of every query while the rest of the suite keeps the machine busy. */
const TIMEOUT_MS = 2000;

describe('a database that goes away', () => {
  let drop: () => Promise<void>;
  let direct: string;
  let road: Road;
  let database: OpenDatabase;
  let app: FastifyInstance;
  let test: TestTarget;
  let ada: Person;
  let crowd: Person[];
  let chatId: number;

  beforeAll(async () => {
    const log = createLogger('silent');
    const copy: TestDatabase | undefined = postgresUrl ? await emptyDatabase() : undefined;
    const embedded: EmbeddedPostgres | undefined = copy ? undefined : await startEmbeddedPostgres(undefined);
    drop = async () => {
      await embedded?.close();
      await copy?.drop();
    };
    direct = copy?.url ?? embedded?.url ?? '';
    await migrate({ url: direct, schema: 'public' }, log);
    road = new Road(new URL(direct));
    database = await openDatabase(
      { url: await road.open(), dataDir: '', poolSize: 2, timeoutMs: TIMEOUT_MS, migrate: false },
      log,
    );
    app = await buildApp(TEST_CONFIG, { db: database.db, log });
    test = { app, db: database.db };
    ada = await register(test);
    crowd = await registerMany(test, 6);
    chatId = await ada.openPrivate(await register(test));
  });

  afterAll(async () => {
    await app.close();
    await database.close();
    road.end();
    await drop();
  });

  const everyKindOfRequest = (): Promise<Answer>[] => [
    ada.get('/user/me'),
    ada.get('/user/chats'),
    ada.post(`/chat/${chatId}/message`, { contents: 'x' }),
    ada.patch('/user/bio', { bio: 'x' }),
    ada.post('/chat/group/create', { with_ids: [ada.id + 1], name: 'x' }),
    ada.delete('/message/1'),
    call(test, 'POST', '/login', { body: { usernameOrEmail: 'x', password: 'y' } }),
    call(test, 'GET', '/health/ready'),
  ];

  it('is 503 with Retry-After, and back by itself', async () => {
    road.cut();
    for (const answer of await Promise.all(everyKindOfRequest())) {
      expectError(answer, 503, 'SERVICE_UNAVAILABLE');
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect((await call(test, 'GET', '/health/live')).status).toBe(200);

    road.closed = false;
    for (const answer of await Promise.all(everyKindOfRequest())) expect(answer.status).toBeLessThan(500);
  });

  it('is 503, never a hang, when nothing is heard of it any more', async () => {
    expect((await ada.get('/user/me')).status).toBe(200);
    road.stall();
    const stalled = [ada.get('/user/me'), ada.patch('/user/bio', { bio: 'x' })];
    for (const answer of await Promise.all(stalled)) expectError(answer, 503, 'SERVICE_UNAVAILABLE');
    road.cut();
    road.closed = false;
    expect((await ada.get('/user/me')).status).toBe(200);
  });

  const send = () => ada.post(`/chat/${chatId}/message`, { contents: 'x' });

  it.skipIf(!postgresUrl)('is 503 when it goes in the middle of a request (needs TEST_DATABASE_URL)', async () => {
    const holder = await lockChat(direct, chatId);
    const waiting = send();
    await new Promise((resolve) => setTimeout(resolve, 100));
    road.cut();
    expectError(await waiting, 503, 'SERVICE_UNAVAILABLE');
    road.closed = false;
    await holder.query('rollback');
    expect((await send()).status).toBe(200);
  });

  it.skipIf(!postgresUrl)(
    'is 503, never a hang, when every connection is taken (needs TEST_DATABASE_URL)',
    async () => {
      const holder = await lockUsers(direct);
      const begin = Date.now();
      const lists = crowd.map((person) => person.get('/user/chats'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      const others = [ada.get('/user/me'), send(), call(test, 'GET', '/health/ready')];
      for (const answer of await Promise.all([...lists, ...others])) {
        expectError(answer, 503, 'SERVICE_UNAVAILABLE');
        expect(answer.headers['retry-after']).toBe('1');
      }
      expect(Date.now() - begin).toBeLessThan(10 * TIMEOUT_MS);
      await holder.query('rollback');
      expect((await send()).status).toBe(200);
      expect((await ada.patch('/user/bio', { bio: 'x' })).status).toBe(200);
    },
  );
});
