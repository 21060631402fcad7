import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/index.js';
import { DATABASE_OPTIONS } from '../support/app.js';
import { checkedLog } from '../support/checked-log.js';
import { copyTemplate, postgresUrl } from '../support/database.js';
import { Server, SECRET, emptyFolder } from '../support/server.js';

/** So many are due at the same second; SCHEDULED=10000 is the figure of docs/guarantees.md. */
const COUNT = Number(process.env.SCHEDULED ?? 2000);
const PER_AUTHOR = 100;
const CHATS_PER_AUTHOR = 5;

it.skipIf(!postgresUrl)(
  'scheduled messages that are due at the same second are sent once each, by three nodes of which two are killed (needs TEST_DATABASE_URL)',
  async () => {
    const database = await copyTemplate();
    const opened = await openDatabase({ ...DATABASE_OPTIONS, url: database.url! }, checkedLog);
    const { db } = opened;
    const environment = { DATABASE_URL: database.url!, JWT_SECRET: SECRET, MIGRATE: 'off' };
    const nodes = await Promise.all([1, 2, 3].map(async () => Server.start(environment, await emptyFolder())));
    try {
      await fill(db);
      const sentCount = () => db.scheduledMessage.count({ where: { state: 'sent' } });
      const dueAt = Date.now() + 1000;
      await db.$executeRaw`update public.scheduled_message set send_at = ${new Date(dueAt)}, due_at = ${new Date(dueAt)}`;
      // Each is killed in the midst of it.
      for (const [index, node] of nodes.slice(0, 2).entries()) {
        await expect.poll(sentCount, { interval: 5 }).toBeGreaterThan((COUNT / 10) * (index + 1));
        await node.kill('SIGKILL');
      }
      await expect.poll(sentCount, { interval: 50, timeout: 60_000 }).toBe(COUNT);
      const tookMs = Date.now() - dueAt;
      process.stdout.write(`${COUNT} scheduled messages were sent within ${tookMs} ms\n`);
      expect(await db.message.count()).toBe(COUNT);
      const [counts] = await db.$queryRaw<{ texts: bigint; changes: bigint; numbers: bigint }[]>`
        select (select count(distinct contents) from public.message) as texts,
          (select sum(last_pts) from public.chat) as changes,
          (select count(*) from public.scheduled_message s
            where not exists (select from public.message m where m.id = s.sent_message_id and m.client_id = s.client_id)) as numbers`;
      expect(counts).toMatchObject({ texts: BigInt(COUNT), numbers: 0n });
      expect(Number(counts?.changes)).toBe(COUNT);
    } finally {
      await Promise.all(nodes.map((node) => node.kill('SIGKILL')));
      await opened.close();
      await database.drop();
    }
  },
);

/** Authors with some groups of their own, and with as many scheduled messages as one can have. */
async function fill(db: Awaited<ReturnType<typeof openDatabase>>['db']): Promise<void> {
  const authors = Math.ceil(COUNT / PER_AUTHOR);
  await db.$executeRaw`
    insert into public."user" (id, username) select 1000000 + n, 'author' || n from generate_series(0, ${authors}::int - 1) n`;
  await db.$executeRaw`
    insert into public.chat (id, type, name, creator_id)
    select 1000000 + n, 'group', 'a group', 1000000 + n / ${CHATS_PER_AUTHOR}::int
    from generate_series(0, ${authors * CHATS_PER_AUTHOR}::int - 1) n`;
  await db.$executeRaw`
    insert into public.chat_participant (chat_id, user_id, role) select id, creator_id, 'owner' from public.chat`;
  await db.$executeRaw`
    insert into public.scheduled_message (user_id, chat_id, contents, client_id, send_at, due_at, state, me_pts)
    select 1000000 + n / ${PER_AUTHOR}::int,
      1000000 + n / ${PER_AUTHOR}::int * ${CHATS_PER_AUTHOR}::int + n % ${CHATS_PER_AUTHOR}::int,
      'message ' || n, 'later ' || n, '2100-01-01', '2100-01-01', 'waiting', n + 1
    from generate_series(0, ${COUNT}::int - 1) n`;
  await db.$executeRaw`
    insert into public.user_log (user_id, me_pts) select user_id, max(me_pts) from public.scheduled_message group by user_id`;
}
