import { beforeAll, describe, expect, it } from 'vitest';
import { SCOPES, type Scope } from '../src/features/api-keys/scopes.js';
import { useApp } from './support/app.js';
import { registerAdmin } from './support/admins.js';
import { call, PASSWORD, register, registerMany, uniqueName, type Answer, type Person } from './support/client.js';
import { Host } from './support/host.js';

const test = useApp();

/** Who asks, besides nobody and API keys. */
const USERS = ['outsider', 'blocked', 'member', 'admin', 'owner'] as const;
type User = (typeof USERS)[number];

/**
 * What there is in each row: the owner's group, which the member and a bystander are in, with a message of the owner, a poll; the
 * owner's private chat with the blocked one, in which that one wrote; a session of the owner; what the host application knows.
 */
interface World extends Record<User | 'suspended' | 'bystander', Person> {
  readonly group: number;
  readonly pair: number;
  readonly message: number;
  readonly messageOfBlocked: number;
  readonly session: number;
  /** Of the owner, in the group. */
  readonly scheduled: number;
  readonly key: number;
  readonly chatKey: string;
  /** Of the group. */
  readonly link: number;
  readonly token: string;
  readonly asker: number;
  readonly report: number;
}

async function makeWorld(): Promise<World> {
  const people = (await registerMany(test, 6)) as [Person, Person, Person, Person, Person, Person];
  const [outsider, blocked, member, owner, bystander, suspended] = people;
  const admin = await registerAdmin(test);
  const group = await owner.openGroup([member, bystander, suspended]);
  const pair = await owner.openPrivate(blocked);
  const { id: message } = await owner.ask(group);
  const { id: messageOfBlocked } = await blocked.send(pair, 'of the blocked one');
  expect((await owner.put(`/user/blocks/${blocked.id}`)).status).toBe(200);
  expect((await admin.post(`/admin/users/${suspended.id}/suspend`, { reason: 'x' })).status).toBe(200);
  await call(test, 'POST', '/login', { body: { usernameOrEmail: owner.username, password: PASSWORD, session: true } });
  const session = Number((await owner.get('/user/sessions')).body.sessions[0].id);
  const { keyId: key } = await Host.of(test, ['users:read']);
  const chatKey = `key:${uniqueName()}`;
  expect((await hosts.admin.put(`/server/chats/${chatKey}`, {})).status).toBe(200);
  const send_at = new Date(Date.now() + 3_600_000).toISOString();
  const { body: later } = await owner.post(`/chat/${group}/scheduled`, { contents: 'later', send_at });
  const { body: made } = await owner.post(`/chat/${group}/invite-links`, { needs_approval: true });
  const asker = await register(test);
  await asker.post('/invite/join', { token: made.token });
  const invitation = { link: made.id, token: made.token, asker: asker.id };
  const { body: report } = await owner.post('/reports', { user_id: member.id, reason: 'spam' });
  const things = {
    scheduled: later.id as number,
    group,
    pair,
    message,
    messageOfBlocked,
    session,
    key,
    chatKey,
    ...invitation,
    report: report.id as number,
  };
  return { outsider, blocked, member, owner, bystander, suspended, admin, ...things };
}

/** What reading leaves as it is, all reading may have. */
let unchanged: Promise<World> | undefined;
const worldFor = ({ name }: Request) => (name.startsWith('GET ') ? (unchanged ??= makeWorld()) : makeWorld());

/** One key for each scope. */
let hosts: Record<Scope, Host>;
beforeAll(async () => {
  const scopes = Object.keys(SCOPES) as Scope[];
  const keys = await Promise.all(scopes.map(async (scope) => [scope, await Host.of(test, [scope])] as const));
  hosts = Object.fromEntries(keys) as Record<Scope, Host>;
});

/** 200, or the code of the error. */
type Outcome = 200 | string;
const outcomeOf = ({ status, body }: Answer): Outcome => (status === 200 ? 200 : (body.details?.code ?? status));

/** `METHOD path` as in openapi.json, whose parameters are those of `valuesOf` unless others are given. */
interface Request {
  readonly name: string;
  readonly values?: (world: World) => Record<string, number | string>;
  readonly body?: (world: World) => object;
  readonly query?: string;
}

const valuesOf = (world: World): Record<string, number | string> => ({
  ...{
    user_id: world.owner.id,
    chat_id: world.group,
    message_id: world.message,
    session_id: world.session,
    scheduled_id: world.scheduled,
    folder_id: 'work',
    report_id: world.report,
  },
  ...{ key_id: world.key, user: world.owner.id, chat: world.chatKey },
});

function ask({ name, values, body, query }: Request, world: World, token?: string): Promise<Answer> {
  const [method, path] = name.split(' ') as ['GET', string];
  const given = { ...valuesOf(world), ...values?.(world) };
  const url = path.replaceAll(/\{(\w+)\}/g, (_all, parameter: string) => String(given[parameter]));
  return call(test, method, query === undefined ? url : `${url}?${query}`, { token, body: body?.(world) });
}

/** What comes of a request of users for each: in the order of USERS. */
interface UserRow extends Request {
  readonly outcomes: readonly Outcome[];
}

const everyone = (outcome: Outcome) => USERS.map(() => outcome);
/** Of the group, for whom the others do not know that there is one. */
const ofMembers = (outsiders: Outcome, member: Outcome): Outcome[] => [outsiders, outsiders, member, outsiders, 200];
const ofPair = (outsiders: Outcome, blocked: Outcome, owner: Outcome) => [
  outsiders,
  blocked,
  outsiders,
  outsiders,
  owner,
];

const NO_CHAT = 'CHAT_DOES_NOT_EXIST';
const NO_SCHEDULED = 'SCHEDULED_DOES_NOT_EXIST';
const ofOwner = (others: Outcome): Outcome[] => [others, others, others, others, 200];
const NO_MESSAGE = 'MESSAGE_DOES_NOT_EXIST';
const REFUSED = 'NOT_ACCEPTING_MESSAGES';

const OF_USERS: readonly UserRow[] = [
  // What is the caller's own.
  { name: 'GET /user/me', outcomes: everyone(200) },
  { name: 'PATCH /user/me', body: () => ({ name: 'x' }), outcomes: everyone(200) },
  { name: 'PATCH /user/bio', body: () => ({ bio: 'x' }), outcomes: everyone(200) },
  { name: 'GET /user/search', query: 'q=ada', outcomes: everyone(200) },
  { name: 'GET /user/chats', outcomes: everyone(200) },
  { name: 'GET /user/badge', outcomes: everyone(200) },
  { name: 'GET /user/folders', outcomes: everyone(200) },
  { name: 'PUT /user/folders', body: () => ({ folders: [] }), outcomes: everyone(200) },
  {
    name: 'PUT /user/folders/{folder_id}/chats/{chat_id}',
    outcomes: ofMembers(NO_CHAT, 'FOLDER_NOT_FOUND').map((outcome) => (outcome === 200 ? 'FOLDER_NOT_FOUND' : outcome)),
  },
  { name: 'DELETE /user/folders/{folder_id}/chats/{chat_id}', outcomes: everyone('FOLDER_NOT_FOUND') },
  { name: 'GET /user/reminders', outcomes: everyone(200) },
  { name: 'GET /user/scheduled', outcomes: everyone(200) },
  { name: 'GET /user/threads', outcomes: everyone(200) },
  { name: 'GET /user/blocks', outcomes: everyone(200) },
  { name: 'GET /user/mutes', outcomes: everyone(200) },
  { name: 'GET /user/sessions', outcomes: everyone(200) },
  { name: 'DELETE /user/sessions', outcomes: everyone(200) },
  { name: 'DELETE /user/sessions/{session_id}', outcomes: [...everyone('SESSION_NOT_FOUND').slice(1), 200] },
  { name: 'POST /logout', outcomes: everyone('NO_SESSION') },
  {
    name: 'POST /user/password',
    body: () => ({ password: PASSWORD, new_password: 'another long enough one' }),
    outcomes: everyone(200),
  },
  { name: 'POST /user/email/confirmation', outcomes: everyone('NO_MAIL') },
  {
    name: 'POST /user/email',
    body: () => ({ email: 'x@example.com', password: PASSWORD }),
    outcomes: everyone('NO_MAIL'),
  },
  { name: 'GET /user/two-factor', outcomes: everyone(200) },
  { name: 'POST /user/two-factor', body: () => ({ password: PASSWORD }), outcomes: everyone(200) },
  {
    name: 'POST /user/two-factor/confirm',
    body: () => ({ code: '123456' }),
    outcomes: everyone('TWO_FACTOR_NOT_BEGUN'),
  },
  {
    name: 'POST /user/two-factor/recovery-codes',
    body: () => ({ password: PASSWORD, code: '123456' }),
    outcomes: everyone('TWO_FACTOR_OFF'),
  },
  {
    name: 'POST /user/two-factor/remove',
    body: () => ({ password: PASSWORD, code: '123456' }),
    outcomes: everyone('TWO_FACTOR_OFF'),
  },
  { name: 'POST /sync', body: ({ group }) => ({ epoch: null, chats: { [group]: 1 } }), outcomes: everyone(200) },
  { name: 'GET /user/me/export', outcomes: everyone(200) },
  {
    name: 'DELETE /user/me',
    body: () => ({ password: PASSWORD }),
    outcomes: everyone(200),
  },
  // Others.
  { name: 'GET /user/{user_id}', outcomes: everyone(200) },
  { name: 'PUT /user/blocks/{user_id}', outcomes: [200, 200, 200, 200, 'BLOCK_YOURSELF'] },
  { name: 'DELETE /user/blocks/{user_id}', outcomes: [200, 200, 200, 200, 'BLOCK_YOURSELF'] },
  { name: 'PUT /user/mutes/{user_id}', body: () => ({}), outcomes: [200, 200, 200, 200, 'MUTE_YOURSELF'] },
  { name: 'DELETE /user/mutes/{user_id}', outcomes: [200, 200, 200, 200, 'MUTE_YOURSELF'] },
  {
    name: 'POST /chat/private/create',
    body: ({ owner }) => ({ with_user_id: owner.id }),
    outcomes: [200, 'CHAT_EXISTS', 200, 200, 'CHAT_WITH_YOURSELF'],
  },
  {
    name: 'POST /chat/group/create',
    body: ({ bystander }) => ({ with_ids: [bystander.id], name: 'x' }),
    outcomes: everyone(200),
  },
  // The group.
  { name: 'GET /chat/{chat_id}', outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'PATCH /chat/{chat_id}', body: () => ({ name: 'y' }), outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'POST /chat/{chat_id}/unread', outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'PUT /chat/{chat_id}/draft', body: () => ({ contents: 'x' }), outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'DELETE /chat/{chat_id}/draft', outcomes: ofMembers(NO_CHAT, 200) },
  {
    name: 'PUT /message/{message_id}/reminder',
    body: () => ({ remind_at: new Date(Date.now() + 3_600_000).toISOString() }),
    outcomes: ofMembers(NO_MESSAGE, 200),
  },
  { name: 'DELETE /message/{message_id}/reminder', outcomes: everyone(200) },
  {
    name: 'POST /chat/{chat_id}/scheduled',
    body: () => ({ contents: 'x', send_at: new Date(Date.now() + 3_600_000).toISOString() }),
    outcomes: ofMembers(NO_CHAT, 200),
  },
  { name: 'PATCH /scheduled/{scheduled_id}', body: () => ({ contents: 'x' }), outcomes: ofOwner(NO_SCHEDULED) },
  { name: 'DELETE /scheduled/{scheduled_id}', outcomes: ofOwner(NO_SCHEDULED) },
  { name: 'POST /scheduled/{scheduled_id}/send', outcomes: ofOwner(NO_SCHEDULED) },
  { name: 'PATCH /chat/{chat_id}/settings', body: () => ({ pinned: true }), outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'GET /chat/{chat_id}/participants', outcomes: ofMembers(NO_CHAT, 200) },
  {
    name: 'POST /chat/{chat_id}/participants',
    body: ({ outsider }) => ({ user_ids: [outsider.id] }),
    outcomes: ofMembers(NO_CHAT, 200),
  },
  {
    name: 'DELETE /chat/{chat_id}/participants/{user_id}',
    values: ({ bystander }) => ({ user_id: bystander.id }),
    outcomes: ofMembers(NO_CHAT, 'NOT_THE_CREATOR'),
  },
  {
    name: 'PATCH /chat/{chat_id}/participants/{user_id}',
    values: ({ member }) => ({ user_id: member.id }),
    body: () => ({ role: 'admin' }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  {
    name: 'PUT /chat/{chat_id}/participants/{user_id}/restriction',
    values: ({ bystander }) => ({ user_id: bystander.id }),
    body: () => ({ reason: 'x' }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  {
    name: 'DELETE /chat/{chat_id}/participants/{user_id}/restriction',
    values: ({ bystander }) => ({ user_id: bystander.id }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  { name: 'GET /chat/{chat_id}/restrictions', outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING') },
  {
    name: 'PUT /chat/{chat_id}/participants/{user_id}/shadow',
    values: ({ bystander }) => ({ user_id: bystander.id }),
    body: () => ({ reason: 'x' }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  {
    name: 'DELETE /chat/{chat_id}/participants/{user_id}/shadow',
    values: ({ bystander }) => ({ user_id: bystander.id }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  { name: 'GET /chat/{chat_id}/shadows', outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING') },
  {
    name: 'PUT /chat/{chat_id}/bans/{user_id}',
    values: ({ bystander }) => ({ user_id: bystander.id }),
    body: () => ({ reason: 'x' }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  {
    name: 'DELETE /chat/{chat_id}/bans/{user_id}',
    values: ({ bystander }) => ({ user_id: bystander.id }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  { name: 'GET /chat/{chat_id}/bans', outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING') },
  { name: 'GET /chat/{chat_id}/invite-links', outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING') },
  { name: 'POST /chat/{chat_id}/invite-links', body: () => ({}), outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING') },
  {
    name: 'DELETE /chat/{chat_id}/invite-links/{link_id}',
    values: ({ link }) => ({ link_id: link }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  { name: 'GET /chat/{chat_id}/join-requests', outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING') },
  {
    name: 'PUT /chat/{chat_id}/join-requests/{user_id}',
    values: ({ asker }) => ({ user_id: asker }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  {
    name: 'DELETE /chat/{chat_id}/join-requests/{user_id}',
    values: ({ asker }) => ({ user_id: asker }),
    outcomes: ofMembers(NO_CHAT, 'RIGHT_MISSING'),
  },
  {
    name: 'POST /reports',
    body: ({ bystander: { id } }) => ({ user_id: id, reason: 'spam' }),
    outcomes: everyone(200),
  },
  { name: 'GET /user/reports', outcomes: everyone(200) },
  { name: 'POST /invite/preview', body: ({ token }) => ({ token }), outcomes: everyone(200) },
  { name: 'GET /chats/public', query: 'q=engines', outcomes: everyone(200) },
  { name: 'POST /chat/{chat_id}/join', outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'POST /invite/join', body: ({ token }) => ({ token }), outcomes: everyone(200) },
  {
    name: 'POST /chat/{chat_id}/read',
    body: ({ message }) => ({ message_id: message }),
    outcomes: ofMembers(NO_CHAT, 200),
  },
  { name: 'GET /chat/{chat_id}/messages', outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'POST /chat/{chat_id}/message', body: () => ({ contents: 'x' }), outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'GET /message/{message_id}', outcomes: ofMembers(NO_MESSAGE, 200) },
  {
    name: 'PATCH /message/{message_id}',
    body: () => ({ contents: 'y' }),
    outcomes: ofMembers(NO_MESSAGE, 'NOT_THE_OWNER'),
  },
  { name: 'DELETE /message/{message_id}', outcomes: ofMembers(NO_MESSAGE, 'NOT_THE_OWNER') },
  { name: 'GET /message/{message_id}/reactions', outcomes: ofMembers(NO_MESSAGE, 200) },
  {
    name: 'PUT /message/{message_id}/reactions/{emoji}',
    values: () => ({ emoji: '%F0%9F%91%8D' }),
    outcomes: ofMembers(NO_MESSAGE, 200),
  },
  {
    name: 'DELETE /message/{message_id}/reactions/{emoji}',
    values: () => ({ emoji: '%F0%9F%91%8D' }),
    outcomes: ofMembers(NO_MESSAGE, 200),
  },
  { name: 'GET /message/{message_id}/receipts', outcomes: ofMembers(NO_MESSAGE, 200) },
  {
    name: 'POST /chat/{chat_id}/delivered',
    body: ({ message }) => ({ message_id: message }),
    outcomes: ofMembers(NO_CHAT, 200),
  },
  { name: 'GET /message/{message_id}/versions', outcomes: ofMembers(NO_MESSAGE, 'RIGHT_MISSING') },
  { name: 'GET /chat/{chat_id}/pins', outcomes: ofMembers(NO_CHAT, 200) },
  { name: 'PUT /message/{message_id}/pin', body: () => ({}), outcomes: ofMembers(NO_MESSAGE, 'RIGHT_MISSING') },
  { name: 'DELETE /message/{message_id}/pin', outcomes: ofMembers(NO_MESSAGE, 'RIGHT_MISSING') },
  {
    name: 'POST /chat/{chat_id}/forward',
    body: ({ message }) => ({ message_id: message }),
    outcomes: ofMembers(NO_MESSAGE, 200),
  },
  // It is no copy.
  { name: 'GET /message/{message_id}/source', outcomes: everyone(NO_MESSAGE) },
  { name: 'GET /message/{message_id}/poll', outcomes: ofMembers(NO_MESSAGE, 200) },
  {
    name: 'PUT /message/{message_id}/poll/votes',
    body: () => ({ option_ids: [1] }),
    outcomes: ofMembers(NO_MESSAGE, 200),
  },
  {
    name: 'POST /message/{message_id}/poll/options',
    body: () => ({ text: 'x' }),
    outcomes: ofMembers(NO_MESSAGE, 200),
  },
  { name: 'POST /message/{message_id}/poll/close', outcomes: ofMembers(NO_MESSAGE, 'NOT_THE_OWNER') },
  {
    name: 'GET /message/{message_id}/poll/options/{option_id}/voters',
    values: () => ({ option_id: 1 }),
    outcomes: ofMembers(NO_MESSAGE, 200),
  },
  { name: 'GET /message/{message_id}/thread', outcomes: ofMembers(NO_MESSAGE, 200) },
  { name: 'PUT /message/{message_id}/thread/follow', outcomes: ofMembers(NO_MESSAGE, 200) },
  { name: 'DELETE /message/{message_id}/thread/follow', outcomes: ofMembers(NO_MESSAGE, 200) },
  {
    name: 'PUT /message/{message_id}/thread/read',
    body: ({ message }) => ({ message_id: message }),
    outcomes: ofMembers(NO_MESSAGE, 200),
  },
  // The private chat with the blocked one, who wrote the message there.
  {
    name: 'GET /chat/{chat_id}',
    values: ({ pair }) => ({ chat_id: pair }),
    outcomes: ofPair(NO_CHAT, 200, 200),
  },
  {
    name: 'POST /chat/{chat_id}/message',
    values: ({ pair }) => ({ chat_id: pair }),
    body: () => ({ contents: 'x' }),
    outcomes: ofPair(NO_CHAT, REFUSED, REFUSED),
  },
  {
    name: 'PATCH /message/{message_id}',
    values: ({ messageOfBlocked }) => ({ message_id: messageOfBlocked }),
    body: () => ({ contents: 'y' }),
    outcomes: ofPair(NO_MESSAGE, REFUSED, 'NOT_THE_OWNER'),
  },
];

/** A request of the host application. */
interface HostRow extends Request {
  /** The scope that it needs, instead of which the scope admin will do. */
  readonly scope: Scope;
  /** What the scope admin gets after that, where it is not the same. */
  readonly again?: Outcome;
}

const members = ({ member }: World) => ({ members: [String(member.id)] });

const OF_HOSTS: readonly HostRow[] = [
  { name: 'GET /server/keys', scope: 'admin' },
  { name: 'POST /server/keys', body: () => ({ name: 'x', scopes: ['users:read'] }), scope: 'admin' },
  { name: 'DELETE /server/keys/{key_id}', scope: 'admin' },
  { name: 'GET /server/users/{user}', scope: 'users:read' },
  {
    name: 'PUT /server/users/{user}',
    values: () => ({ user: `ext:${uniqueName()}` }),
    body: () => ({}),
    scope: 'users:write',
  },
  { name: 'DELETE /server/users/{user}', scope: 'users:write', again: 'USER_NOT_FOUND' },
  { name: 'PATCH /server/users/{user}', body: () => ({ name: 'z' }), scope: 'users:write' },
  {
    name: 'POST /server/users/batch',
    body: () => ({ users: [{ external_id: uniqueName() }] }),
    scope: 'users:write',
  },
  { name: 'POST /server/users/{user}/token', body: () => ({}), scope: 'tokens:mint' },
  { name: 'POST /server/users/{user}/revoke', body: () => ({}), scope: 'tokens:mint' },
  { name: 'POST /server/revoke', body: () => ({ before: '1970-01-01T00:00:00Z' }), scope: 'tokens:mint' },
  { name: 'GET /server/chats/{chat}', scope: 'chats:read' },
  { name: 'PUT /server/chats/{chat}', body: () => ({ name: 'x' }), scope: 'chats:write' },
  {
    name: 'POST /server/chats',
    body: ({ member, bystander }) => ({ type: 'group', members: [member.id, bystander.id].map(String) }),
    scope: 'chats:write',
  },
  { name: 'POST /server/chats/{chat}/members', body: members, scope: 'chats:write' },
  { name: 'POST /server/chats/{chat}/members/remove', body: members, scope: 'chats:write' },
  { name: 'GET /server/chats/{chat}/members', scope: 'chats:read' },
  {
    name: 'PUT /server/chats/{chat}/members/{user}',
    body: () => ({ role: 'moderator' }),
    scope: 'chats:write',
  },
  { name: 'POST /server/chats/{chat}/message', body: () => ({ contents: 'x' }), scope: 'messages:write' },
  { name: 'GET /server/chats/{chat}/messages', scope: 'chats:read' },
  { name: 'GET /server/messages/{message_id}', scope: 'chats:read' },
];

const bystander = ({ bystander: { id } }: World) => ({ user_id: id });

/** Requests of admins, and of keys with the scope admin after that. */
const OF_ADMINS: readonly (Request & { readonly again?: Outcome })[] = [
  { name: 'GET /admin/users' },
  { name: 'GET /admin/users/{user_id}' },
  { name: 'POST /admin/users/{user_id}/suspend', values: bystander, body: () => ({ reason: 'x' }) },
  { name: 'POST /admin/users/{user_id}/restore', values: bystander },
  { name: 'POST /admin/users/{user_id}/logout', values: bystander },
  { name: 'POST /admin/users/{user_id}/two-factor/remove', values: bystander },
  { name: 'GET /admin/audit-log' },
  { name: 'GET /admin/reports' },
  { name: 'GET /admin/filters' },
  { name: 'PUT /admin/filters', body: () => ({}) },
  { name: 'POST /admin/reports/{report_id}/claim', again: 'REPORT_CLAIMED' },
  { name: 'POST /admin/reports/{report_id}/resolve', body: () => ({ action: 'escalate', reason: 'x' }) },
];

/** Requests that anybody may make. */
const OPEN = [
  'GET /health/live',
  'GET /health/ready',
  'POST /register',
  'POST /login',
  'POST /token/refresh',
  'POST /email/confirm',
  'POST /password/forgot',
  'POST /password/reset',
];
/** Answered by a stream: test/realtime/event-stream.test.ts. */
const STREAM = 'GET /events';

const keysOf = async (request: Request, world: World) => {
  const answers: Record<string, Outcome> = {};
  const scopes = (Object.keys(SCOPES) as Scope[]).filter((scope) => scope !== 'admin');
  for (const scope of [...scopes, 'admin'] as const)
    answers[scope] = outcomeOf(await ask(request, world, hosts[scope].key));
  return answers;
};
const everyKey = (outcome: (scope: Scope) => Outcome) =>
  Object.fromEntries((Object.keys(SCOPES) as Scope[]).map((scope) => [scope, outcome(scope)]));

/** Nobody, and a suspended user, get nothing anywhere. */
async function refusesStrangers(request: Request, world: World): Promise<void> {
  expect(outcomeOf(await ask(request, world))).toBe('NOT_AUTHORIZED');
  const answer = await ask(request, world, world.suspended.token);
  expect(outcomeOf(answer)).toBe('NOT_AUTHORIZED');
  if (!request.name.includes('/server/')) expect(answer.body.details.reason).toBe('USER_SUSPENDED');
}

describe('a request, for every caller', () => {
  it('no request is missing in the table', () => {
    const { paths } = test.app.swagger() as { paths: Record<string, Record<string, unknown>> };
    const all = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const tested = [...OF_USERS, ...OF_HOSTS, ...OF_ADMINS].map(({ name }) => name);
    expect(new Set([...tested, ...OPEN, STREAM])).toEqual(new Set(all));
  });

  it.each(OF_USERS)('$name', async ({ outcomes, ...request }) => {
    const world = await worldFor(request);
    await refusesStrangers(request, world);
    expect(await keysOf(request, world)).toEqual(everyKey(() => 'ACT_AS_REQUIRED'));
    const answers: Record<string, Outcome> = {};
    for (const user of USERS) answers[user] = outcomeOf(await ask(request, world, world[user].token));
    expect(answers).toEqual(Object.fromEntries(USERS.map((user, index) => [user, outcomes[index]])));
  });

  it.each(OF_HOSTS)('$name', async ({ scope: needed, again = 200, ...request }) => {
    const world = await worldFor(request);
    await refusesStrangers(request, world);
    for (const user of USERS) expect(outcomeOf(await ask(request, world, world[user].token))).toBe('NOT_AUTHORIZED');
    const expected = (scope: Scope): Outcome => {
      if (scope === needed) return 200;
      return scope === 'admin' ? again : 'SCOPE_REQUIRED';
    };
    expect(await keysOf(request, world)).toEqual(everyKey(expected));
  });

  it.each(OF_ADMINS)('$name', async ({ again = 200, ...request }) => {
    const world = await worldFor(request);
    await refusesStrangers(request, world);
    for (const user of USERS)
      expect(outcomeOf(await ask(request, world, world[user].token))).toBe(user === 'admin' ? 200 : 'ADMIN_REQUIRED');
    expect(await keysOf(request, world)).toEqual(everyKey((scope) => (scope === 'admin' ? again : 'ADMIN_REQUIRED')));
  });

  it('an unknown key is nobody', async () => {
    const world = await makeWorld();
    const token = `${hosts.admin.key.slice(0, -3)}xyz`;
    for (const request of OF_HOSTS) expect(outcomeOf(await ask(request, world, token))).toBe('NOT_AUTHORIZED');
  });
});
