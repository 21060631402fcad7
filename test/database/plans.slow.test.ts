import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi, type MockInstance } from 'vitest';
import { buildApp } from '../../src/app.js';
import { openDatabase, type OpenDatabase } from '../../src/database/index.js';
import { prepareStatements } from '../../src/database/statements/prepare.js';
import { searchUsers } from '../../src/database/statements/user-search.js';
import { openDataFolder } from '../../src/database/embedded/data-folder.js';
import { readModel } from '../../src/features/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { DATABASE_OPTIONS, TEST_CONFIG } from '../support/app.js';
import { call, PASSWORD, registerMany, type Person, type TestTarget } from '../support/client.js';
import { copyTemplate, type TestDatabase } from '../support/database.js';
import document from '../../openapi.json' with { type: 'json' };
import { everyRequest } from '../support/every-request.js';

/** Those whose rows every request reads: a statement that is planned each time it is asked finds them by an index as well. */
const READ_BY_ALL = [
  'user',
  'user_log',
  'chat',
  'chat_participant',
  'message',
  'chat_event',
  'user_block',
  'user_search',
];

/** Tables that keep few rows, so that a statement may read all of them. */
const SMALL = ['api_key', 'sync_epoch', 'filter_settings', 'profile_log', 'revocation'];

/** Those that no request of everyRequest asks: they change the account, end sessions, or stream. */
const NOT_ASKED = [
  'GET /events',
  'POST /user/password',
  'POST /logout',
  'DELETE /user/sessions',
  'DELETE /user/sessions/{session_id}',
  'POST /user/two-factor',
  'POST /user/two-factor/confirm',
  'POST /user/two-factor/recovery-codes',
  'POST /user/two-factor/remove',
  'POST /user/email/confirmation',
  'POST /user/email',
  'DELETE /user/me',
];

interface Named {
  readonly name: string;
  readonly text: string;
}

/** The queries with which PostgreSQL checks the foreign keys, and deletes what goes with a message: it keeps their plans as it keeps ours. */
const FOREIGN_KEYS = `
  select conname as name, format('select 1 from only %s x where %s for key share of x', confrelid::regclass, (
    select string_agg(format('%I = $%s', attname, n), ' and ' order by n)
    from unnest(confkey) with ordinality as key (number, n)
    join pg_attribute on attrelid = confrelid and attnum = number
  )) as text
  from pg_constraint where contype = 'f'
  union all
  select conname || ', cascading', format('delete from only %s where %I = $1', conrelid::regclass, attname)
  from pg_constraint
  join pg_attribute on attrelid = conrelid and attnum = conkey[1]
  where contype = 'f' and confrelid = 'public.message'::regclass and confdeltype = 'c'`;

/** What functions ask, by their parameters. */
const OF_FUNCTIONS = [
  'select emoji from public.reaction where message_id = $1::int8 and user_id = $2::int8',
  'select from public.poll_vote where message_id = $1::int8 and user_id = $2::int8',
  'delete from public.thread_reply where root_id = $1::int8 and message_id = $2::int8',
];

/** What was asked of the server and of its database. */
interface Asked {
  /** Method and path of each request. */
  readonly requests: readonly string[];
  /** Prepared statements and others; each of them once. */
  readonly queries: readonly Named[];
}

async function askEverything(test: TestTarget): Promise<Asked> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  const inject = vi.spyOn(test.app, 'inject') as unknown as MockInstance<
    (options: { method: string; url: string }) => unknown
  >;
  const people = (await registerMany(test, 3)) as [Person, Person, Person];
  spy.mockClear();
  const account = { username: 'grace', email: 'grace@example.com', password: PASSWORD };
  await call(test, 'POST', '/register', { body: account });
  await call(test, 'POST', '/login', { body: { usernameOrEmail: account.email, password: PASSWORD } });
  const answers = await everyRequest(people);
  const queries = spy.mock.calls.map(([query]) => query as string | Named);
  const requests = inject.mock.calls.map(([{ method, url }]) => `${method} ${url.split('?')[0]}`);
  spy.mockRestore();
  for (const { status } of answers) expect(status).toBe(200);
  const texts = new Set(queries.map((query) => (typeof query === 'string' ? query : query.text)));
  return {
    requests,
    queries: [...texts]
      .filter((text) => /^\s*(select|insert|update|delete|with)\b/i.test(text))
      .map((text) => ({ name: text, text })),
  };
}

/** Those of people in openapi.json that nobody has asked. */
function unasked(requests: readonly string[]): string[] {
  return Object.entries(document.paths as Record<string, Record<string, { security?: object[] }>>)
    .filter(([path]) => !path.startsWith('/admin/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { security }]) => security?.some((scheme) => 'bearer' in scheme))
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    )
    .filter((route) => {
      const asked = new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`);
      return !requests.some((request) => asked.test(request));
    });
}

/** The lines of the lasting plan that read a table that grows from its first row to its last. */
async function scans(client: pg.Client, growing: readonly string[], { text }: Pick<Named, 'text'>): Promise<string[]> {
  await client.query(`prepare looked_at as ${text}`);
  try {
    const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    const values = count > 0 ? `(${Array(count).fill('null').join(', ')})` : '';
    const { rows } = await client.query<[string]>({ text: `explain execute looked_at${values}`, rowMode: 'array' });
    const scan = new RegExp(`Seq Scan on "?(${growing.join('|')})\\b`);
    return rows.map(([line]) => line).filter((line) => scan.test(line));
  } finally {
    await client.query('deallocate looked_at');
  }
}

async function scansOf(
  client: pg.Client,
  growing: readonly string[],
  statements: readonly Named[],
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const statement of statements) {
    const lines = await scans(client, growing, statement);
    if (lines.length > 0) found[statement.name] = lines;
  }
  return found;
}

describe('a plan that is made for empty tables finds its rows by indexes', () => {
  let copy: TestDatabase;
  let closeServer: () => Promise<void>;
  let client: pg.Client;
  let statements: Named[];
  let asked: Asked;
  let growing: string[];

  beforeAll(async () => {
    // The requests go to another database, so that this one has no row.
    const other = await copyTemplate();
    const opened: OpenDatabase = await openDatabase({ ...DATABASE_OPTIONS, ...other }, createLogger('silent'));
    const app = await buildApp(TEST_CONFIG, { db: opened.db, log: createLogger('silent') });
    await app.ready();
    asked = await askEverything({ app, db: opened.db });
    await app.close();
    await opened.close();
    await other.drop();

    copy = await copyTemplate();
    const embedded = copy.url === undefined ? await openDataFolder(copy.dataDir) : undefined;
    client = new pg.Client(copy.url ?? embedded?.url);
    await client.connect();
    const tables = await client.query<{ name: string }>(`
      select tablename as name from pg_tables where schemaname = 'public' and tablename <> '_prisma_migrations'`);
    growing = tables.rows.map(({ name }) => name).filter((name) => !SMALL.includes(name));
    await client.query('set plan_cache_mode = force_generic_plan');
    statements = [
      ...Object.values(prepareStatements(readModel)),
      searchUsers(readModel.person, '"public"'),
      ...(await client.query<Named>(FOREIGN_KEYS)).rows,
      ...OF_FUNCTIONS.map((text) => ({ name: text, text })),
    ];
    closeServer = async () => {
      await client.end();
      await embedded?.close();
      await copy.drop();
    };
  });
  afterAll(() => closeServer());

  it('all of them are looked at, and a scan would be seen', async () => {
    expect(statements.length).toBeGreaterThan(20);
    expect(unasked(asked.requests)).toEqual(NOT_ASKED);
    expect(await scans(client, growing, { text: 'select from public.message where contents = $1' })).toHaveLength(1);
  });

  it.each([
    ['never analyzed', []],
    ['analyzed while they are empty', ['vacuum analyze']],
    [
      'analyzed with a few rows',
      [
        `insert into "user" (username, email, password) select 'u' || n, 'u' || n || '@x.org', '$argon2id$' from generate_series(1, 20) n`,
        `insert into chat (type, name, creator_id) select 'group', 'x', id from "user"`,
        `insert into chat_participant (chat_id, user_id) select chat.id, "user".id from chat, "user"`,
        `insert into message (chat_id, author_id, contents, pts) select id, creator_id, 'x', 1 from chat`,
        `insert into chat_event (chat_id, pts, type, actor_id) select id, 2, 'chat.created', creator_id from chat`,
        `insert into user_block (user_id, blocked_user_id, blocked_at, me_pts) select a.id, b.id, now(), b.id from "user" a, "user" b where a.id <> b.id`,
        'vacuum analyze',
      ],
    ],
  ])('%s', async (_state, preparations) => {
    for (const preparation of preparations) await client.query(preparation);
    expect(await scansOf(client, growing, statements)).toEqual({});
    expect.soft(await scansOf(client, READ_BY_ALL, asked.queries)).toEqual({});
  });
});
