// The baseline: the least code that gives the same answers to the hot requests. Fastify with the same schemas, `pg`
// with prepared statements, each read as the driver reads it; no token, no rule, no log, no header of its own.
// It trusts `x-user-id`. What the real server does beyond this is what a comparison with it shows.
import argon2 from 'argon2';
import Fastify from 'fastify';
import pg from 'pg';
import type { TSchema } from '@sinclair/typebox';
import { Credentials, Registration } from '../../src/features/auth/auth.schemas.js';
import { AccessToken } from '../../src/features/sessions/access-token.js';
import { HASH_PARAMETERS } from '../../src/features/auth/passwords.js';
import { ChatList, ChatWithParticipants } from '../../src/features/chats/chats.schemas.js';
import { MessagePage, SendMessage, SentMessage } from '../../src/features/messages/messages.schemas.js';
import { usualConfig } from '../../scripts/usual-config.js';
import { modelsOf } from '../../src/features/index.js';
import { User } from '../../src/features/users/users.schemas.js';
import { schemaOptions } from '../../src/plugins/validation.js';
import { RIGHTS_IN_PRIVATE, RIGHTS_OF_ROLES, type Right, type Role } from '../../src/shared/rights.js';
import { Ref } from '../../src/shared/schema.js';

const { DATABASE_URL, DATABASE_POOL_SIZE, PORT } = process.env;
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_SIZE) });

type Row = Record<string, unknown>;
interface Asked {
  Headers: { 'x-user-id': string };
  Params: { chat_id: string };
}

async function query(name: string, text: string, values: unknown[]): Promise<Row[]> {
  return (await pool.query<Row>({ name, text, values })).rows;
}

const app = Fastify({ ...schemaOptions });
for (const model of modelsOf(usualConfig.messages)) app.addSchema(model);

const answer = (model: TSchema, body?: TSchema) => ({
  schema: { response: { 200: Ref(model) }, ...(body && { body: Ref(body) }) },
});

/** What every answer shows of a person, for the alias of the table and as JSON. */
const PERSON = (user: string) => `${user}.id, ${user}.username, coalesce(${user}.name, ${user}.username) as name,
  ${user}.avatar_url, ${user}.external_id, ${user}.profile_pts as version`;
const PERSON_JSON = (user: string) => `json_build_object('id', ${user}.id, 'username', ${user}.username,
  'name', coalesce(${user}.name, ${user}.username), 'avatar_url', ${user}.avatar_url, 'external_id', ${user}.external_id,
  'version', ${user}.profile_pts)`;
/** What programs have attached to a row. */
const DATA = (table: string, names: readonly string[]) =>
  names.map((name) => `coalesce(${table}.${name}, '{}') as ${name}`).join(', ');

app.get('/health/ready', () => ({ status: 'ok' }));

app.get<Asked>('/user/me', answer(User), async ({ headers }) => {
  const columns = `created_at, updated_at, email, bio, email_confirmed, ${PERSON('me')},
    ${DATA('me', ['custom', 'trusted', 'private'])}, accepts_messages, findable, shows_last_seen, shows_receipts, locale, teams, role, notifications,
    two_factor_at is not null as two_factor`;
  const [user] = await query('me', `select ${columns} from "user" me where id = $1`, [headers['x-user-id']]);
  return user;
});

/** The columns of a chat and of its last message. $1 is who asks. */
const CHAT = `
  chat.id, chat.created_at, chat.updated_at, chat.name, type, chat.key, chat.avatar_url,
  ${DATA('chat', ['custom', 'trusted'])}, last_pts as pts, last_activity_at, participant_count,
  description, member_rights, frozen_at, coalesce(slow_mode_seconds, 0) as slow_mode_seconds,
  coalesce(disappear_after_seconds, 0) as disappear_after_seconds,
  coalesce(history_from_now, false) as history_from_now, coalesce(no_forward, false) as no_forward,
  coalesce(is_public, false) as public,
  last_read_message_id, (
    select count(*)::int from (
      select from message
      where message.chat_id = chat.id and message.id > coalesce(last_read_message_id, 0) and author_id <> $1
      limit 1000
    ) unread
  ) as unread_count, 0 as unread_mentions, case when peer.id is not null then ${PERSON_JSON('peer')} end as peer, m.id as m_id, m.created_at as m_created_at,
  m.updated_at as m_updated_at, m.contents as m_contents, m.author_id as m_author_id, m.pts as m_version`;

const JOINED = `
  left join message m on m.id = last_message_id
  left join "user" peer on peer.id = coalesce(
    nullif(split_part(private_key, ':', 1)::int8, $1), split_part(private_key, ':', 2)::int8
  )`;

const SETTINGS = `muted_until, pinned_at is not null as pinned, archived_at is not null as archived,
  coalesce(mine.private, '{}') as private, coalesce(mine.notifications, 'default') as notifications, mine.marked_unread,
  draft, draft_reply_to_id, draft_me_pts as draft_revision, mine.role as own_role`;

function withLastMessage(row: Row): Row {
  const { m_id, m_created_at, m_updated_at, m_contents, m_author_id, m_version, own_role, member_rights } = row;
  const ofMembers =
    row.type === 'private' ? RIGHTS_IN_PRIVATE : ((member_rights as Right[] | null) ?? RIGHTS_OF_ROLES.member);
  const message = { id: m_id, created_at: m_created_at, updated_at: m_updated_at, contents: m_contents };
  return {
    ...row,
    member_rights: ofMembers,
    own_rights: own_role === 'member' ? ofMembers : RIGHTS_OF_ROLES[own_role as Role],
    last_message: m_id === null ? null : { ...message, author_id: m_author_id, version: m_version },
  };
}

app.get<Asked>('/user/chats', answer(ChatList), async ({ headers }) => {
  const rows = await query(
    'chats',
    `select ${CHAT}, muted_until, chat.pinned, archived, chat.private, chat.notifications, marked_unread, draft, draft_reply_to_id, draft_revision, own_role
     from (
       select chat.*, last_read_message_id, ${SETTINGS} from chat_participant mine join chat on chat.id = chat_id
       where user_id = $1 order by last_activity_at desc fetch first 26 rows with ties
     ) chat
     ${JOINED}
     order by last_activity_at desc, chat.id desc`,
    [headers['x-user-id']],
  );
  const chats = rows.slice(0, 25).map(withLastMessage);
  return { next: chats.at(-1)?.last_activity_at ?? null, has_more: rows.length > 25, count: chats.length, chats };
});

app.get<Asked>('/chat/:chat_id', answer(ChatWithParticipants), async ({ params, headers }) => {
  const [row] = await query(
    'chat',
    `select ${CHAT}, ${SETTINGS}, (
       select json_agg(${PERSON_JSON('member')} order by user_id <> creator_id, joined_order)
       from chat_participant join "user" member on member.id = user_id
       where chat_id = chat.id
     ) as participants
     from chat join chat_participant mine on mine.chat_id = chat.id and mine.user_id = $1
     ${JOINED}
     where chat.id = $2`,
    [headers['x-user-id'], params.chat_id],
  );
  return row && withLastMessage(row);
});

app.get<Asked>('/chat/:chat_id/messages', answer(MessagePage), async ({ params }) => {
  const rows = await query(
    'page',
    `select message.id, message.created_at, message.updated_at, contents, author_id, pts as version, ${PERSON_JSON('author')} as author
     from message join "user" author on author.id = author_id
     where chat_id = $1 order by message.id limit 51`,
    [params.chat_id],
  );
  const messages = rows.slice(0, 50);
  const has_more = rows.length > 50;
  const authors = [...new Map(messages.map(({ author_id: id, author }) => [id, author])).values()];
  return { next: has_more ? messages.at(-1)?.id : null, has_more, count: messages.length, authors, messages };
});

app.post<Asked & { Body: { contents: string } }>(
  '/chat/:chat_id/message',
  answer(SentMessage, SendMessage),
  async ({ params, headers, body }) => {
    const [message] = await query(
      'send',
      `with bumped as (
         update chat
         set last_pts = last_pts + 1, last_message_id = nextval('message_id_seq'), last_activity_at = clock_timestamp()
         where id = $1
         returning id, last_pts, last_message_id, last_activity_at
       )
       insert into message (id, created_at, updated_at, chat_id, author_id, contents, pts)
       select last_message_id, last_activity_at, last_activity_at, id, $2, $3, last_pts from bumped
       returning id, created_at, updated_at, contents, author_id, pts, pts as version`,
      [params.chat_id, headers['x-user-id'], body.contents],
    );
    return message;
  },
);

/** What stands for a token: as long as one. */
const TOKEN = { access_token: 'x'.repeat(139), token_type: 'bearer' };

app.post<{ Body: Credentials }>('/login', answer(AccessToken, Credentials), async ({ body }) => {
  const text = 'select password from "user" where lower(username collate "C") = lower($1)';
  const [user] = await query('login', text, [body.usernameOrEmail]);
  return (await argon2.verify(user?.password as string, body.password)) ? TOKEN : undefined;
});

app.post<{ Body: Registration }>('/register', answer(AccessToken, Registration), async ({ body }) => {
  const hash = await argon2.hash(body.password, HASH_PARAMETERS);
  const text = 'insert into "user" (username, email, password) values ($1, $2, $3) returning id';
  await query('register', text, [body.username, body.email, hash]);
  return TOKEN;
});

process.once('SIGTERM', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
