import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded/postgres.js';

let postgres: EmbeddedPostgres;
beforeAll(async () => {
  postgres = await startEmbeddedPostgres(undefined);
});
afterAll(() => postgres.close());

async function connect(url = postgres.url): Promise<pg.Client> {
  const client = new pg.Client(url);
  // A connection that a test cuts off says so.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Ends a connection as a crash of its client does. */
function cutOff(client: pg.Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy: () => void } } };
  connection.stream.destroy();
}

const one = async (client: pg.Client, sql: string) =>
  Object.values((await client.query(sql)).rows[0] as object)[0] as unknown;

describe('the gateway to the embedded database', () => {
  it('gives each of many clients its own answers', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => connect()));
    await Promise.all(
      clients.map(async (client, number) => {
        for (let round = 0; round < 100; round++) {
          const text = `${number}.${round}`;
          const named = { name: 'same name', text: `select $1::text as value, ${number} as number`, values: [text] };
          const unnamed = { text: `select $1::text as value, ${number} as number`, values: [text] };
          const { rows } = await client.query(round % 2 ? named : unnamed);
          expect(rows).toEqual([{ value: text, number }]);
        }
      }),
    );
    await Promise.all(clients.map((client) => client.end()));
  });

  it('keeps a transaction apart from everybody else', async () => {
    const [writer, reader] = [await connect(), await connect()];
    await writer.query('create table apart (id int)');
    await writer.query('begin');
    await writer.query('insert into apart values (1)');
    const counted = one(reader, 'select count(*) from apart');
    await writer.query('insert into apart values (2)');
    await writer.query('commit');
    expect(await counted).toBe('2');
    await Promise.all([writer.end(), reader.end()]);
  });

  it('rolls back what a lost connection left open', async () => {
    const [lost, other] = [await connect(), await connect()];
    await lost.query('create table left_open (id int)');
    await lost.query('begin');
    await lost.query('insert into left_open values (1)');
    cutOff(lost);
    expect(await one(other, 'select count(*) from left_open')).toBe('0');
    await other.end();
  });

  it('goes on after a lost connection that was in the middle of an exchange', async () => {
    const [lost, other] = [await connect(), await connect()];
    const connection = (lost as unknown as { connection: { parse(query: object): void; flush(): void } }).connection;
    connection.parse({ text: 'this is an error', name: '', types: [] });
    connection.flush();
    await new Promise((resolve) => setTimeout(resolve, 50));
    cutOff(lost);
    expect(await one(other, 'select 1')).toBe(1);
    await other.end();
  });

  it('cuts off a client that keeps a transaction open and says nothing', { timeout: 15_000 }, async () => {
    const [silent, other] = [await connect(), await connect()];
    await silent.query('begin');
    expect(await one(other, 'select 1')).toBe(1);
    await expect(silent.query('select 1')).rejects.toThrow();
    await other.end();
  });

  it('forgets the settings of a client that has left', async () => {
    const [tool, other] = [await connect(), await connect()];
    await tool.query(`select set_config('search_path', '', false)`);
    await tool.end();
    await expect.poll(() => one(other, 'show search_path')).toBe('public');
    await other.end();
  });

  it('goes on after an error', async () => {
    const client = await connect();
    await expect(client.query('select nonsense')).rejects.toMatchObject({ code: '42703' });
    await expect(client.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    await client.query('begin');
    await expect(client.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('rollback');
    expect(await one(client, 'select 1')).toBe(1);
    await client.end();
  });

  it('carries a megabyte there and back', async () => {
    const client = await connect();
    const text = 'ä'.repeat(1024 * 1024);
    const { rows } = await client.query<{ text: string }>('select $1::text as text', [text]);
    expect(rows[0]?.text === text).toBe(true);
    await client.end();
  });

  it('takes several statements in one', async () => {
    const client = await connect();
    const results = (await client.query('select 1 as a; select 2 as b')) as unknown as pg.QueryResult[];
    expect(results.map(({ rows }) => rows)).toEqual([[{ a: 1 }], [{ b: 2 }]]);
    await client.end();
  });

  it.each([
    ['no', ''],
    ['a wrong', 'wrong'],
    ['a very long', 'x'.repeat(10_000)],
  ])('refuses %s password', async (_what, password) => {
    const url = new URL(postgres.url);
    url.password = password;
    // Without one in the URL the driver would take PGPASSWORD.
    const client = new pg.Client({ connectionString: url.href, password });
    await expect(client.connect()).rejects.toThrow();
  });

  it('refuses who does not speak its protocol', async () => {
    const { port } = new URL(postgres.url);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    const client = await connect();
    expect(await one(client, 'select 1')).toBe(1);
    await client.end();
  });
});
