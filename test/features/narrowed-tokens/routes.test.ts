import { beforeAll, describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { call, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

/** `404`: as if the user took no part in the chat. `narrowed`: 403 TOKEN_NARROWED. `nobody`: as without a token. */
type Outcome = 'ok' | '404' | 'narrowed' | 'nobody' | '404 INVITE_DOES_NOT_EXIST' | '404 NO_JOIN_REQUEST';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Method = (typeof METHODS)[number];

interface Case {
  readonly method: Method;
  readonly path: string;
  /** With a token for one chat, about that chat or about none. */
  readonly inside: Outcome;
  /** The same about another chat; undefined: it is about none. */
  readonly outside?: Outcome;
  /** With a token for reading. */
  readonly reading: Outcome;
  readonly body?: (ids: { messageId: number; eveId: number; newcomerId: number }) => object;
}

const read = { inside: 'ok', outside: '404', reading: 'ok' } as const;
const write = { inside: 'ok', outside: '404', reading: 'narrowed' } as const;
const refused = { inside: 'narrowed', reading: 'narrowed' } as const;
const NOBODY = { inside: 'nobody', reading: 'nobody' } as const;

const cases: readonly Case[] = [
  { method: 'get', path: '/user/me', inside: 'ok', reading: 'ok' },
  { method: 'get', path: '/user/{user_id}', inside: 'ok', reading: 'ok' },
  { method: 'get', path: '/user/chats', inside: 'ok', reading: 'ok' },
  { method: 'get', path: '/user/badge', inside: 'ok', reading: 'ok' },
  { method: 'post', path: '/sync', inside: 'ok', reading: 'ok', body: () => ({ epoch: null, chats: {} }) },
  { method: 'get', path: '/chat/{chat_id}', ...read },
  { method: 'get', path: '/chat/{chat_id}/participants', ...read },
  { method: 'get', path: '/chat/{chat_id}/messages', ...read },
  { method: 'post', path: '/chat/{chat_id}/read', ...read, body: ({ messageId }) => ({ message_id: messageId }) },
  { method: 'post', path: '/chat/{chat_id}/unread', ...read },
  { method: 'patch', path: '/chat/{chat_id}', ...write, body: () => ({ name: 'another' }) },
  { method: 'patch', path: '/chat/{chat_id}/settings', ...write, body: () => ({ pinned: true }) },
  { method: 'put', path: '/chat/{chat_id}/draft', ...write, body: () => ({ contents: 'x' }) },
  { method: 'delete', path: '/chat/{chat_id}/draft', ...write },
  { method: 'post', path: '/chat/{chat_id}/message', ...write, body: () => ({ contents: 'x' }) },
  {
    ...{ method: 'post', path: '/chat/{chat_id}/participants', ...write },
    body: ({ newcomerId }) => ({ user_ids: [newcomerId] }),
  },
  { method: 'patch', path: '/chat/{chat_id}/participants/{user_id}', ...write, body: () => ({ role: 'moderator' }) },
  { method: 'post', path: '/chat/{chat_id}/invite-links', ...write, body: () => ({}) },
  { method: 'get', path: '/chat/{chat_id}/invite-links', ...read },
  {
    ...{ method: 'delete', path: '/chat/{chat_id}/invite-links/{link_id}', ...write },
    inside: '404 INVITE_DOES_NOT_EXIST',
  },
  { method: 'get', path: '/chat/{chat_id}/join-requests', ...read },
  {
    ...{ method: 'put', path: '/chat/{chat_id}/join-requests/{user_id}', ...write },
    inside: '404 NO_JOIN_REQUEST',
  },
  {
    ...{ method: 'delete', path: '/chat/{chat_id}/join-requests/{user_id}', ...write },
    inside: '404 NO_JOIN_REQUEST',
  },
  {
    ...{ method: 'put', path: '/chat/{chat_id}/participants/{user_id}/restriction', ...write },
    body: () => ({ reason: 'x' }),
  },
  { method: 'delete', path: '/chat/{chat_id}/participants/{user_id}/restriction', ...write },
  { method: 'get', path: '/chat/{chat_id}/restrictions', ...read },
  {
    ...{ method: 'put', path: '/chat/{chat_id}/participants/{user_id}/shadow', ...write },
    body: () => ({ reason: 'x' }),
  },
  { method: 'delete', path: '/chat/{chat_id}/participants/{user_id}/shadow', ...write },
  { method: 'get', path: '/chat/{chat_id}/shadows', ...read },
  { method: 'get', path: '/chat/{chat_id}/bans', ...read },
  { method: 'delete', path: '/chat/{chat_id}/participants/{user_id}', ...write },
  { method: 'put', path: '/chat/{chat_id}/bans/{user_id}', ...write, body: () => ({ reason: 'x' }) },
  { method: 'delete', path: '/chat/{chat_id}/bans/{user_id}', ...write },
  { method: 'get', path: '/message/{message_id}', ...read },
  { method: 'post', path: '/invite/preview', ...refused, body: () => ({ token: 'x'.repeat(24) }) },
  { method: 'get', path: '/chats/public', ...refused },
  { method: 'post', path: '/chat/{chat_id}/join', ...refused },
  { method: 'post', path: '/invite/join', ...refused, body: () => ({ token: 'x'.repeat(24) }) },
  { method: 'patch', path: '/message/{message_id}', ...write, body: () => ({ contents: 'edited' }) },
  { method: 'delete', path: '/message/{message_id}', ...write },
  { method: 'get', path: '/message/{message_id}/reactions', ...read },
  { method: 'put', path: '/message/{message_id}/reactions/{emoji}', ...write },
  { method: 'delete', path: '/message/{message_id}/reactions/{emoji}', ...write },
  { method: 'get', path: '/chat/{chat_id}/pins', ...read },
  { method: 'put', path: '/message/{message_id}/pin', ...write, body: () => ({}) },
  { method: 'delete', path: '/message/{message_id}/pin', ...write },
  {
    ...{ method: 'post', path: '/chat/{chat_id}/forward', ...write },
    body: ({ messageId }) => ({ message_id: messageId }),
  },
  { method: 'get', path: '/message/{message_id}/source', inside: '404', outside: '404', reading: '404' },
  { method: 'get', path: '/message/{message_id}/poll', ...read },
  { method: 'put', path: '/message/{message_id}/poll/votes', ...write, body: () => ({ option_ids: [1] }) },
  { method: 'post', path: '/message/{message_id}/poll/options', ...write, body: () => ({ text: 'x' }) },
  { method: 'post', path: '/message/{message_id}/poll/close', ...write },
  { method: 'get', path: '/message/{message_id}/poll/options/{option_id}/voters', ...read },
  { method: 'get', path: '/user/threads', inside: 'narrowed', reading: 'ok' },
  { method: 'get', path: '/message/{message_id}/receipts', ...read },
  {
    ...{ method: 'post', path: '/chat/{chat_id}/delivered', ...read },
    body: ({ messageId }) => ({ message_id: messageId }),
  },
  { method: 'get', path: '/message/{message_id}/versions', ...read },
  { method: 'get', path: '/message/{message_id}/thread', ...read },
  { method: 'put', path: '/message/{message_id}/thread/follow', ...write },
  { method: 'delete', path: '/message/{message_id}/thread/follow', ...write },
  {
    ...{ method: 'put', path: '/message/{message_id}/thread/read', ...read },
    body: ({ messageId }) => ({ message_id: messageId }),
  },
  { method: 'get', path: '/user/blocks', inside: 'narrowed', reading: 'ok' },
  { method: 'put', path: '/user/blocks/{user_id}', ...refused },
  { method: 'delete', path: '/user/blocks/{user_id}', ...refused },
  { method: 'get', path: '/user/mutes', inside: 'narrowed', reading: 'ok' },
  { method: 'put', path: '/user/mutes/{user_id}', ...refused },
  { method: 'delete', path: '/user/mutes/{user_id}', ...refused },
  { method: 'get', path: '/user/folders', inside: 'narrowed', reading: 'ok' },
  { method: 'put', path: '/user/folders', ...refused, body: () => ({ folders: [] }) },
  { method: 'put', path: '/user/folders/{folder_id}/chats/{chat_id}', ...refused },
  { method: 'delete', path: '/user/folders/{folder_id}/chats/{chat_id}', ...refused },
  { method: 'get', path: '/user/reminders', inside: 'narrowed', reading: 'ok' },
  {
    ...{ method: 'put', path: '/message/{message_id}/reminder', ...refused },
    body: () => ({ remind_at: '2100-01-01T00:00:00Z' }),
  },
  { method: 'delete', path: '/message/{message_id}/reminder', ...refused },
  { method: 'get', path: '/user/scheduled', ...refused },
  {
    ...{ method: 'post', path: '/chat/{chat_id}/scheduled', ...refused },
    body: () => ({ contents: 'x', send_at: '2100-01-01T00:00:00Z' }),
  },
  { method: 'patch', path: '/scheduled/{scheduled_id}', ...refused, body: () => ({ contents: 'x' }) },
  { method: 'delete', path: '/scheduled/{scheduled_id}', ...refused },
  { method: 'post', path: '/scheduled/{scheduled_id}/send', ...refused },
  { method: 'patch', path: '/user/me', ...refused, body: () => ({ bio: 'x' }) },
  { method: 'patch', path: '/user/bio', ...refused, body: () => ({ bio: 'x' }) },
  {
    ...{ method: 'post', path: '/user/password', ...refused },
    body: () => ({ old_password: 'correct horse battery staple', new_password: 'another horse' }),
  },
  { method: 'post', path: '/user/email/confirmation', ...refused },
  { method: 'get', path: '/user/sessions', ...refused },
  { method: 'delete', path: '/user/sessions', ...refused },
  { method: 'delete', path: '/user/sessions/{session_id}', ...refused },
  { method: 'post', path: '/logout', ...refused },
  { method: 'get', path: '/user/search', ...refused },
  { method: 'get', path: '/user/me/export', ...refused },
  { method: 'delete', path: '/user/me', ...refused, body: () => ({ password: 'x' }) },
  { method: 'post', path: '/user/email', ...refused, body: () => ({ email: 'x@example.com', password: 'x' }) },
  { method: 'get', path: '/user/two-factor', ...refused },
  { method: 'post', path: '/user/two-factor', ...refused, body: () => ({ password: 'x' }) },
  { method: 'post', path: '/user/two-factor/confirm', ...refused, body: () => ({ code: '123456' }) },
  {
    method: 'post',
    path: '/user/two-factor/recovery-codes',
    ...refused,
    body: () => ({ password: 'x', code: '123456' }),
  },
  { method: 'post', path: '/user/two-factor/remove', ...refused, body: () => ({ password: 'x', code: '123456' }) },
  { method: 'post', path: '/chat/private/create', ...refused, body: ({ eveId }) => ({ with_user_id: eveId }) },
  {
    ...{ method: 'post', path: '/chat/group/create', ...refused },
    body: ({ eveId }) => ({ with_ids: [eveId], name: 'a group' }),
  },
  { method: 'get', path: '/admin/users', ...refused },
  { method: 'get', path: '/admin/users/{user_id}', ...refused },
  { method: 'post', path: '/admin/users/{user_id}/suspend', ...refused, body: () => ({}) },
  { method: 'post', path: '/admin/users/{user_id}/restore', ...refused, body: () => ({}) },
  { method: 'post', path: '/admin/users/{user_id}/logout', ...refused, body: () => ({}) },
  { method: 'post', path: '/admin/users/{user_id}/two-factor/remove', ...refused },
  { method: 'get', path: '/admin/audit-log', ...refused },
  { method: 'get', path: '/admin/reports', ...refused },
  { method: 'get', path: '/admin/filters', ...refused },
  { method: 'put', path: '/admin/filters', ...refused, body: () => ({}) },
  { method: 'post', path: '/admin/reports/{report_id}/claim', ...refused },
  { method: 'post', path: '/admin/reports/{report_id}/resolve', ...refused, body: () => ({}) },
  { method: 'post', path: '/reports', ...refused, body: () => ({ user_id: 1, reason: 'spam' }) },
  { method: 'get', path: '/user/reports', ...refused },
  { method: 'get', path: '/server/keys', ...NOBODY },
  { method: 'post', path: '/server/keys', ...NOBODY },
  { method: 'delete', path: '/server/keys/{key_id}', ...NOBODY },
  { method: 'get', path: '/server/users/{user}', ...NOBODY },
  { method: 'put', path: '/server/users/{user}', ...NOBODY },
  { method: 'delete', path: '/server/users/{user}', ...NOBODY },
  { method: 'patch', path: '/server/users/{user}', ...NOBODY },
  { method: 'post', path: '/server/users/batch', ...NOBODY },
  { method: 'post', path: '/server/users/{user}/token', ...NOBODY },
  { method: 'post', path: '/server/users/{user}/revoke', ...NOBODY },
  { method: 'post', path: '/server/revoke', ...NOBODY },
  { method: 'post', path: '/server/chats', ...NOBODY },
  { method: 'get', path: '/server/chats/{chat}', ...NOBODY },
  { method: 'put', path: '/server/chats/{chat}', ...NOBODY },
  { method: 'get', path: '/server/chats/{chat}/members', ...NOBODY },
  { method: 'post', path: '/server/chats/{chat}/members', ...NOBODY },
  { method: 'put', path: '/server/chats/{chat}/members/{user}', ...NOBODY },
  { method: 'post', path: '/server/chats/{chat}/members/remove', ...NOBODY },
  { method: 'post', path: '/server/chats/{chat}/message', ...NOBODY },
  { method: 'get', path: '/server/chats/{chat}/messages', ...NOBODY },
  { method: 'get', path: '/server/messages/{message_id}', ...NOBODY },
];

interface Operation {
  readonly security: object[];
}

let ada: Person;
let eve: Person;
let newcomer: Person;
let insideId: number;
let outsideId: number;
let tokens: { chat: string; reading: string };

beforeAll(async () => {
  [ada, eve, newcomer] = (await registerMany(test, 3)) as [Person, Person, Person];
  [insideId, outsideId] = [await ada.openGroup([eve]), await ada.openGroup([eve])];
  // Of an admin, so that nothing but the narrowing keeps it from what admins may do.
  await test.db.user.update({ where: { id: BigInt(ada.id) }, data: { role: 'admin' } });
  const host = await Host.of(test);
  const mint = async (body: object) => {
    return (await host.post(`/server/users/${ada.id}/token`, body)).body.access_token as string;
  };
  tokens = { chat: await mint({ chats: [String(insideId)] }), reading: await mint({ rights: 'read' }) };
});

async function ask({ method, path, body }: Case, token: string, chatId: number): Promise<string> {
  const { id: messageId } = await ada.ask(chatId);
  const ids: Record<string, string> = {
    ...{ chat_id: String(chatId), message_id: String(messageId), user_id: String(eve.id) },
    ...{ session_id: '1', key_id: '1', link_id: '999999999', user: String(ada.id), chat: String(chatId), emoji: ':x:' },
    option_id: '1',
  };
  const url = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name]!);
  const given = body?.({ messageId, eveId: eve.id, newcomerId: newcomer.id });
  const answer = await call(test, method.toUpperCase() as Uppercase<Method>, url, {
    token,
    ...(given ? { body: given } : path.startsWith('/server/') && method !== 'get' ? { body: {} } : {}),
  });
  const code = answer.body.details?.code as string | undefined;
  if (answer.status === 200) return 'ok';
  if (code === 'CHAT_DOES_NOT_EXIST' || code === 'MESSAGE_DOES_NOT_EXIST') return '404';
  if (code === 'TOKEN_NARROWED') return 'narrowed';
  return code === 'NOT_AUTHORIZED' ? 'nobody' : `${answer.status} ${code}`;
}

describe('of every request it is decided what a narrowed token may do', () => {
  it('and none has been forgotten; one that says nothing is refused', () => {
    const { paths } = test.app.swagger() as unknown as { paths: Record<string, Record<string, Operation>> };
    const all = Object.entries(paths).flatMap(([path, operations]) =>
      METHODS.filter((method) => operations[method]?.security.length !== 0 && method in operations).map(
        (method) => `${method} ${path}`,
      ),
    );
    // A stream that is let through has no end: connections.test.ts has it.
    const decided = [...cases.map(({ method, path }) => `${method} ${path}`), 'get /events'];
    expect(all.sort()).toEqual(decided.sort());
  });

  it.each(cases)('$method $path', async (request) => {
    // First what must not happen: in the end somebody may be gone from the chat.
    if (request.outside) {
      expect(await ask(request, tokens.chat, outsideId)).toBe(request.outside);
    }
    expect(await ask(request, tokens.reading, insideId)).toBe(request.reading);
    expect(await ask(request, tokens.chat, insideId)).toBe(request.inside);
  });
});
