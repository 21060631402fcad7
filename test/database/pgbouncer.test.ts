import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
import { openDatabase, type OpenDatabase } from '../../src/database/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { DATABASE_OPTIONS, TEST_CONFIG } from '../support/app.js';
import { registerMany, type Person } from '../support/client.js';
import { copyTemplate, postgresUrl, type TestDatabase } from '../support/database.js';
import { FIRST_WITH_STATEMENTS, pgbouncerVersion, startPgbouncer } from '../support/pgbouncer.js';

const log = createLogger('silent');

describe.skipIf(!postgresUrl || pgbouncerVersion === 0)('PgBouncer (needs TEST_DATABASE_URL and pgbouncer)', () => {
  let database: TestDatabase;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    database = await copyTemplate();
    return () => database.drop();
  });

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function open(maxPreparedStatements: number): Promise<OpenDatabase> {
    const pgbouncer = await startPgbouncer(database.url!, maxPreparedStatements);
    closing.push(() => pgbouncer.end());
    const opened = await openDatabase({ ...DATABASE_OPTIONS, ...database, url: pgbouncer.url }, log);
    closing.push(() => opened.close());
    return opened;
  }

  it('that loses prepared statements, as any before 1.21 does, is refused at the start', async () => {
    await expect(open(0)).rejects.toThrow(/PgBouncer in transaction mode needs to be version 1\.21 or newer/);
  });

  it.skipIf(pgbouncerVersion < FIRST_WITH_STATEMENTS)(
    'gives everybody their own answers, whichever connection they get (needs 1.21 or newer)',
    async () => {
      const opened = await open(100);
      const app = await buildApp(TEST_CONFIG, { db: opened.db, log });
      closing.push(() => app.close());
      await app.ready();
      const people = await registerMany({ app, db: opened.db }, 12);
      const [ada, ...others] = people as [Person, ...Person[]];
      const chatId = await ada.openGroup(others);
      for (let round = 0; round < 5; round++) {
        await Promise.all(
          people.map(async (person, index) => {
            const { id, pts } = await person.send(chatId, `round ${round}`);
            expect((await person.get('/user/me')).body.id).toBe(person.id);
            expect((await person.patch(`/message/${id}`, { contents: 'edited' })).status).toBe(200);
            expect((await person.get(`/chat/${chatId}/messages?limit=100`)).body.messages.length).toBeGreaterThan(0);
            expect((await person.post(`/chat/${chatId}/read`, { message_id: id })).status).toBe(200);
            expect((await person.post('/sync', { epoch: null, chats: { [chatId]: pts } })).status).toBe(200);
            if (index % 3 === 0) expect((await person.delete(`/message/${id}`)).status).toBe(200);
          }),
        );
      }
      const { body } = await ada.get(`/chat/${chatId}`);
      // Opened; then each of them wrote and edited, and every third deleted.
      expect(body.pts).toBe(1 + 5 * (12 + 12 + 4));
    },
  );
});
