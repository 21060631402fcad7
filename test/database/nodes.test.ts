import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { buildApp } from '../../src/app.js';
import { openDatabase, type OpenDatabase } from '../../src/database/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { DATABASE_OPTIONS, TEST_CONFIG } from '../support/app.js';
import { register, registerMany, type Person, type TestTarget } from '../support/client.js';
import { copyTemplate, postgresUrl, type TestDatabase } from '../support/database.js';
import { countWaiting, lockChat } from '../support/locks.js';
import { at } from '../support/nodes.js';

const NODES = 3;
const CHATS = 12;
const MESSAGES = 600;

/** Servers that share nothing but their database. */
const nodes: TestTarget[] = [];
const databases: OpenDatabase[] = [];
let copy: TestDatabase | undefined;

beforeAll(async () => {
  if (!postgresUrl) return;
  const log = createLogger('silent');
  copy = await copyTemplate();
  for (let node = 0; node < NODES; node++) {
    const database = await openDatabase({ ...DATABASE_OPTIONS, ...copy }, log);
    databases.push(database);
    nodes.push({ app: await buildApp(TEST_CONFIG, { db: database.db, log }), db: database.db });
  }
});

afterAll(async () => {
  for (const { app } of nodes) await app.close();
  for (const database of databases) await database.close();
  await copy?.drop();
});

it.skipIf(!postgresUrl)(
  'several nodes send to the same chats at once: none waits for the other for ever (needs TEST_DATABASE_URL)',
  async () => {
    const [first] = nodes as [TestTarget];
    const ada = await register(first);
    const others = await registerMany(first, CHATS);
    const chatIds = await Promise.all(others.map((other) => ada.openPrivate(other)));
    const statuses = await Promise.all(
      Array.from({ length: MESSAGES }, async (_, index) => {
        const { app } = nodes[index % NODES]!;
        // Each node goes through the chats in another order.
        const chat = (index * (1 + (index % NODES) * 4)) % CHATS;
        const response = await app.inject({
          method: 'POST',
          url: `/chat/${chatIds[chat] ?? 0}/message`,
          headers: { authorization: `Bearer ${ada.token}` },
          payload: { contents: `${index}` },
        });
        return response.statusCode;
      }),
    );
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    for (const chatId of chatIds) {
      const where = { chat_id: BigInt(chatId) };
      const rows = await first.db.message.findMany({ where, orderBy: { id: 'asc' } });
      expect(rows.map(({ pts }) => Number(pts))).toEqual(rows.map((_, index) => index + 2));
    }
  },
);

it.skipIf(!postgresUrl)(
  'reactions by several nodes are all counted, while others react and write (needs TEST_DATABASE_URL)',
  async () => {
    const people = await registerMany(nodes[0]!, 12);
    const [ada, ...others] = people as [Person, ...Person[]];
    const chatId = await ada.openGroup(others);
    const { id } = await ada.send(chatId, 'well?');
    const path = `/message/${id}/reactions/${encodeURIComponent('👍')}`;
    for (let round = 0; round < 10; round++) {
      const method = round % 2 === 0 ? 'put' : 'delete';
      await Promise.all(
        people.flatMap((person, index) => {
          const there = at(nodes[index % NODES]!, person);
          return [there[method](path), there.send(chatId, `${round}`)];
        }),
      );
      const { body } = await ada.get(`/message/${id}`);
      const kept = await nodes[0]!.db.reaction.count({ where: { message_id: BigInt(id) } });
      const count = method === 'put' ? people.length : 0;
      expect({ counted: body.reactions?.[0]?.count ?? 0, kept }).toEqual({ counted: count, kept: count });
    }
  },
);

it.skipIf(!postgresUrl)(
  'a reaction that waits for the chat goes by what has become of the message (needs TEST_DATABASE_URL)',
  async () => {
    const [first] = nodes as [TestTarget];
    const [ada, bob] = (await registerMany(first, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const path = (id: number) => `/message/${id}/reactions/${encodeURIComponent('👍')}`;
    const numbered = 'update chat set last_pts = last_pts + 1 where id = $1';
    /** Bob reacts, or takes it back, while somebody else changes the message. */
    const reactDuring = async (method: 'put' | 'delete', id: number, change: string) => {
      const client = await lockChat(copy!.url!, chatId);
      const reaction = bob[method](path(id));
      await expect.poll(() => countWaiting(first.db)).toBe(1);
      await client.query(numbered, [chatId]);
      await client.query(change, [id]);
      await client.query('commit');
      const answer = await reaction;
      return { answer, kept: await first.db.reaction.count({ where: { message_id: BigInt(id) } }) };
    };
    const edit = `update message set contents = 'well then?', pts = last_pts from chat where message.id = $1 and chat.id = chat_id`;
    const [edited, deleted] = [await ada.send(chatId, 'well?'), await ada.send(chatId, 'well?')];
    await ada.send(chatId, 'the last');
    expect(await reactDuring('put', edited.id, edit)).toMatchObject({
      ...{ answer: { status: 200, body: { reactions: [{ count: 1 }] } }, kept: 1 },
    });
    const { body } = await ada.get(`/message/${edited.id}`);
    expect(body).toMatchObject({ contents: 'well then?', reactions: [{ count: 1 }] });
    expect(body.version).toBe((await ada.get(`/chat/${chatId}`)).body.pts);
    expect(await reactDuring('delete', edited.id, edit)).toMatchObject({ answer: { status: 200 }, kept: 0 });

    const remove = 'delete from message where id = $1';
    await bob.put(path(edited.id));
    expect(await reactDuring('delete', edited.id, remove)).toMatchObject({ answer: { status: 404 }, kept: 0 });
    expect(await reactDuring('put', deleted.id, remove)).toMatchObject({ answer: { status: 404 }, kept: 0 });
  },
);

it.skipIf(!postgresUrl)('a chat that is kept locked delays only sends to it (needs TEST_DATABASE_URL)', async () => {
  const [first] = nodes as [TestTarget];
  const [ada, bob, eve] = (await registerMany(first, 3)) as [Person, Person, Person];
  const [locked, free] = [await ada.openGroup([bob]), await ada.openGroup([eve])];
  const client = await lockChat(copy!.url!, locked);
  const waiting = bob.send(locked, 'after the lock');
  for (let count = 0; count < 20; count++) await eve.send(free, `${count}`);
  await client.query('update chat set last_pts = last_pts + 1, last_event_pts = last_pts + 1 where id = $1', [locked]);
  await client.query(
    `insert into chat_event (chat_id, pts, type, actor_id, data)
       select id, last_pts, 'chat.updated', creator_id, '{"name": "another"}' from chat where id = $1`,
    [locked],
  );
  await client.query('commit');
  expect((await waiting).pts).toBe(3);
});

it.skipIf(!postgresUrl)(
  'sends of one author to a chat that was locked keep the order in which they came (needs TEST_DATABASE_URL)',
  async () => {
    const [first] = nodes as [TestTarget];
    const [ada, bob] = (await registerMany(first, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const sending: Promise<{ pts: number }>[] = [];
    for (let round = 0; round < 20; round++) {
      const client = await lockChat(copy!.url!, chatId);
      const sendSome = async (count: number) => {
        for (let sent = 0; sent < count; sent++) {
          sending.push(ada.send(chatId, `${sending.length}`));
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await sendSome(10);
      const unlocking = client.query('commit');
      await sendSome(10);
      await unlocking;
    }
    expect((await Promise.all(sending)).map(({ pts }) => pts)).toEqual(sending.map((_, index) => index + 2));
  },
);

it.skipIf(!postgresUrl)(
  'sends to a chat that was locked do not delay each other (needs TEST_DATABASE_URL)',
  async () => {
    const [first] = nodes as [TestTarget];
    const [ada, bob] = (await registerMany(first, 2)) as [Person, Person];
    const [locked, free] = [await ada.openGroup([bob]), await ada.openGroup([bob])];
    const queries = vi.spyOn(pg.Client.prototype, 'query');
    onTestFinished(() => {
      queries.mockRestore();
    });
    const countPatient = () =>
      queries.mock.calls.filter(([query]) => (query as { name?: string }).name === 'message_send_patient').length;
    const client = await lockChat(copy!.url!, locked);
    const sendSome = () => Array.from({ length: 4 }, (_, index) => ada.send(locked, `${index}`));
    const waiting = sendSome();
    await vi.waitFor(
      () => {
        expect(countPatient()).toBe(1);
      },
      { timeout: 10_000 },
    );
    waiting.push(...sendSome());
    // They have been asked for before this one, which is answered.
    await bob.send(free, 'meanwhile');
    await client.query('commit');
    expect((await Promise.all(waiting)).map(({ pts }) => pts)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(countPatient()).toBe(1);
  },
);
