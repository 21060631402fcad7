import { hashPassword } from '../../src/features/auth/passwords.js';
import type { Options } from '../options.js';
import { withClient } from './database.js';
import { PASSWORD, WORLD } from './world.js';

/** So that progress can be seen, and no transaction becomes huge. */
const MESSAGES_AT_ONCE = 100_000;
/** How many of a chat's messages are new to everybody. */
const UNREAD = 5;

const { regulars, chatsOfRegular, firstAuthor, authors, firstCollected, hotChat, pairChat, firstOfCrowd, otherChats } =
  WORLD;

const USERS = `
  insert into "user" (id, username, email, password)
  select i, 'user-' || i, 'user-' || i || '@example.com', $1 from generate_series(1, $2::int) i`;

const CHATS = `
  with made as (
    insert into chat (id, type, name, creator_id, created_at, updated_at, last_activity_at, last_pts)
    select i, 'group', 'Chat ' || i, case when i <= ${regulars} then i else ${firstAuthor} + i % ${authors} end, t, t, t, 1
    from generate_series(1, $1::int) i, (select timestamptz '2025-12-01' as t) times
    returning id, creator_id
  )
  insert into chat_event (chat_id, pts, type, actor_id, data)
  select id, 1, 'chat.created', creator_id, '{"participant_ids": []}' from made`;

/** First and last chat, first and last user: each of the users is in each of the chats. */
const MEMBERS = [
  ...WORLD.collectors.map(({ userId, chats }) => [firstCollected, firstCollected + chats - 1, userId, userId]),
  ...WORLD.crowds.map(({ chatId, people }) => [chatId, chatId, firstOfCrowd, firstOfCrowd + people - authors - 1]),
];

/** Each regular user is in so many of the regulars' chats; the hot chat has five people, and everybody else is somewhere. */
const PARTICIPANTS = `
  insert into chat_participant (chat_id, user_id, role)
  select chat_id, user_id, case when chat.creator_id = user_id then 'owner' else 'member' end::participant_role
  from (
    select c as chat_id, (c + k - 1) % ${regulars} + 1 as user_id
    from generate_series(1, ${regulars}) c, generate_series(0, ${chatsOfRegular - 1}) k
    union all
    select c, ${firstAuthor} + k from generate_series(${regulars + 1}, $1::int) c, generate_series(0, ${authors - 1}) k
    where c <> ${pairChat} or k < 2
    union all
    select c, u from (values ${MEMBERS.map((row) => `(${row.join(', ')})`).join(', ')}) m (c1, c2, u1, u2),
      generate_series(c1, c2) c, generate_series(u1, least(u2, $2::int)) u
    union all
    select ${pairChat + 1} + (u * ${otherChats} + k) % ($1::int - ${pairChat}), u
    from generate_series(${firstOfCrowd}, $2::int) u, generate_series(0, ${otherChats - 1}) k
  ) p
  join chat on chat.id = p.chat_id
  order by chat_id, user_id <> chat.creator_id, user_id`;

/** Of ten messages one goes to the hot chat, four to those of the regulars, and five anywhere. */
const MESSAGES = `
  with drafts as (
    select i, case
      when i % 10 = 0 then ${hotChat}
      when i % 10 < 5 then (i / 10 * 4 + i % 10) % ${regulars} + 1
      else ${firstCollected} + (hashint8(i)::bigint & 2147483647) % ($3::int - ${firstCollected} + 1)
    end as chat_id
    from generate_series($1::bigint, $2::bigint) i
  ), sent as (
    insert into message (id, created_at, updated_at, chat_id, author_id, contents, pts)
    select i, t, t, chat_id,
      case when chat_id <= ${regulars}
        then (chat_id + i % ${chatsOfRegular} - 1) % ${regulars} + 1
        else ${firstAuthor} + i % ${authors}
      end,
      'Message ' || i || ': ' || md5(i::text) || ' ' || md5((-i)::text),
      chat.last_pts + row_number() over (partition by chat_id order by i)
    from drafts
    join chat on chat.id = chat_id, lateral (select timestamptz '2026-01-01' + i * interval '1 second' as t) times
    returning id, chat_id, pts, created_at
  )
  update chat
  set last_message_id = last.id, last_pts = last.pts, last_activity_at = last.created_at
  from (select chat_id, max(id) as id, max(pts) as pts, max(created_at) as created_at from sent group by chat_id) last
  where chat.id = last.chat_id`;

/** Everybody has read all but the newest messages. */
const READ_MARKS = `
  update chat_participant
  set last_read_message_id = mark.id
  from (select chat_id, id, row_number() over (partition by chat_id order by id desc) as n from message) mark
  where mark.n = ${UNREAD} + 1 and mark.chat_id = chat_participant.chat_id`;

const SEQUENCES = `
  select setval('user_id_seq', (select max(id) from "user")), setval('chat_id_seq', (select max(id) from chat)),
         setval('message_id_seq', (select max(id) from message))`;

/** Fills an empty, migrated database with the world of world.ts. */
export async function fill(url: string, { users, chats, messages }: Pick<Options, 'users' | 'chats' | 'messages'>) {
  // Everybody has the same hash of the same password: a hash for each would take hours.
  const hash = await hashPassword(PASSWORD, 'bench');
  await withClient(url, async (client) => {
    await client.query(USERS, [hash, users]);
    await client.query(CHATS, [chats]);
    await client.query(PARTICIPANTS, [chats, users]);
    for (let first = 1; first <= messages; first += MESSAGES_AT_ONCE) {
      await client.query(MESSAGES, [first, Math.min(first + MESSAGES_AT_ONCE - 1, messages), chats]);
    }
    // With the statistics of empty tables the planner would read all messages again for each participant.
    await client.query('analyze');
    await client.query(READ_MARKS);
    await client.query(SEQUENCES);
    // What autovacuum would have done by the time that a real database is as large.
    await client.query('vacuum (analyze)');
  });
}
