import { withClient } from './database.js';

const MESSAGES = 200;

const PEOPLE = `
  insert into "user" (id, username) select n, 'member-' || n from generate_series(1, $1::int) n`;

const CHATS = `
  insert into chat (id, type, name, creator_id, last_pts)
  select n, 'group', 'Group ' || n, 1, 1 + ${MESSAGES} from generate_series(1, $1::int) n`;

const EVENTS = `
  insert into chat_event (chat_id, pts, type, actor_id, data) select id, 1, 'chat.created', 1, '{"participant_ids": []}' from chat`;

const PARTICIPANTS = `
  insert into chat_participant (chat_id, user_id, role)
  select chat_id, n, case when n = 1 then 'owner' else 'member' end::participant_role
  from unnest($1::int[]) with ordinality sizes (people, chat_id), generate_series(1, people) n
  order by chat_id, n`;

const WRITTEN = `
  insert into message (id, chat_id, author_id, contents, pts)
  select (chat.id - 1) * ${MESSAGES} + n, chat.id, 1 + n % 50, 'Message ' || n || ': ' || md5(n::text), 1 + n
  from chat, generate_series(1, ${MESSAGES}) n`;

const LAST = `update chat set last_message_id = id * ${MESSAGES}`;

const SEQUENCES = `
  select setval('user_id_seq', (select max(id) from "user")), setval('chat_id_seq', (select max(id) from chat)),
         setval('message_id_seq', (select max(id) from message))`;

/** Fills an empty, migrated database with a group of each size, all of one owner, and people who are in none. */
export async function fillGroups(url: string, sizes: readonly number[], outsiders: number) {
  const firstOutsider = Math.max(...sizes) + 1;
  await withClient(url, async (client) => {
    await client.query(PEOPLE, [firstOutsider + outsiders - 1]);
    await client.query(CHATS, [sizes.length]);
    await client.query(EVENTS);
    await client.query(PARTICIPANTS, [sizes]);
    await client.query(WRITTEN);
    await client.query(LAST);
    await client.query(SEQUENCES);
    await client.query('vacuum (analyze)');
  });
  return { groups: sizes.map((people, index) => ({ people, chatId: index + 1 })), ownerId: 1, firstOutsider };
}
