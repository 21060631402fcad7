import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { openDataFolder } from '../../src/database/embedded/data-folder.js';
import { readMigrations } from '../../src/database/migrations/folder.js';
import { emptyDatabase } from '../support/database.js';

/** A database as the migrations before this one have made it, with the rows; then the rest of the migrations. */
async function upgraded(migration: string, rows: string): Promise<pg.Client> {
  const database = await emptyDatabase();
  const embedded = database.url === undefined ? await openDataFolder(database.dataDir) : undefined;
  const client = new pg.Client(database.url ?? embedded?.url);
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await embedded?.close();
    await database.drop();
  });
  const migrations = await readMigrations();
  const first = migrations.findIndex(({ name }) => name.endsWith(migration));
  expect(first).toBeGreaterThan(0);
  for (const { script } of migrations.slice(0, first)) await client.query(script);
  await client.query(rows);
  for (const { script } of migrations.slice(first)) await client.query(script);
  return client;
}

const USERS = `
  insert into "user" (username, email, password)
  select 'user-' || i, 'user-' || i || '@example.com', '$argon2id$x' from generate_series(1, 5) i;`;

it('counts the participants of the chats that are there', async () => {
  const client = await upgraded(
    'participant_count',
    `${USERS}
    insert into chat (type, name, private_key, creator_id)
    values ('group', 'three', null, 1), ('private', null, '1:2', 2), ('group', 'nobody', null, 1);
    insert into chat_participant (chat_id, user_id) values (1, 1), (1, 2), (1, 5), (2, 1), (2, 2);`,
  );
  const counts = async () =>
    (await client.query('select participant_count as n from chat order by id')).rows.map(({ n }: { n: number }) => n);
  expect(await counts()).toEqual([3, 2, 0]);
  // From then on it follows every statement of every version.
  await client.query('insert into chat_participant (chat_id, user_id) values (1, 3), (1, 4), (3, 1)');
  await client.query('insert into chat_participant (chat_id, user_id) values (1, 3), (3, 2) on conflict do nothing');
  expect(await counts()).toEqual([5, 2, 2]);
  await client.query('delete from chat_participant where user_id < 3 and chat_id <> 2');
  await client.query('delete from chat_participant where user_id = 77');
  expect(await counts()).toEqual([3, 2, 0]);
});

it('gives the groups whose creator has left an owner', async () => {
  const client = await upgraded(
    'owner_of_a_group',
    `${USERS}
    insert into chat (type, name, private_key, creator_id)
    values ('group', 'kept', null, 2), ('group', 'left', null, 1), ('group', 'back', null, 3), ('private', null, '1:2', 1);
    insert into chat_participant (chat_id, user_id, role)
    values (1, 1, 'member'), (1, 2, 'owner'), (2, 5, 'member'), (2, 4, 'member'), (3, 1, 'member'), (3, 3, 'member'),
      (4, 1, 'member'), (4, 2, 'member');`,
  );
  const owners = `select chat_id::int, user_id::int from chat_participant where role = 'owner' order by chat_id`;
  expect((await client.query(owners)).rows).toEqual([
    { chat_id: 1, user_id: 2 },
    { chat_id: 2, user_id: 5 },
    // Who created it could remove others, and still can.
    { chat_id: 3, user_id: 3 },
  ]);
  const second = `update chat_participant set role = 'owner' where chat_id = 1`;
  await expect(client.query(second)).rejects.toThrow('chat_participant_owner_key');
});
