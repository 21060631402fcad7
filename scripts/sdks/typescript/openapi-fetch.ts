import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './api';

type Schemas = components['schemas'];

const { SERVER = '', STAND_IN = '' } = process.env;
const run = String(Date.now());

function must<T>(answer: { data?: T; error?: unknown }): T {
  assert.ok(answer.data !== undefined, JSON.stringify(answer.error));
  return answer.data;
}

async function signUp(name: string) {
  const body = { username: `${name}-${run}`, email: `${name}-${run}@example.com`, password: 'correct horse battery' };
  const { access_token } = must(await createClient<paths>({ baseUrl: SERVER }).POST('/register', { body }));
  return createClient<paths>({ baseUrl: SERVER, headers: { authorization: `Bearer ${access_token}` } });
}

const ada = await signUp('ada');
const bob = await signUp('bob');
const me: Schemas['User'] = must(await bob.GET('/user/me'));
const chat = must(await ada.POST('/chat/private/create', { body: { with_user_id: me.id } }));
const path = { chat_id: chat.id };

const send = async (contents: string): Promise<Schemas['SentMessage']> =>
  must(await ada.POST('/chat/{chat_id}/message', { params: { path }, body: { contents, client_id: contents } }));
const [first, second, third] = [await send('one'), await send('two'), await send('three')];
assert.equal(first.deduplicated, undefined);
assert.equal((await send('one')).deduplicated, true);

const page = must(await bob.GET('/chat/{chat_id}/messages', { params: { path, query: { limit: 2, order: 'asc' } } }));
assert.deepEqual([page.has_more, page.next], [true, second.id]);
const rest = must(
  await bob.GET('/chat/{chat_id}/messages', { params: { path, query: { limit: 2, cursor: page.next ?? 0 } } }),
);
assert.deepEqual([rest.has_more, rest.next, rest.messages[0]?.id], [false, null, third.id]);

must(
  await ada.PATCH('/message/{message_id}', { params: { path: { message_id: first.id } }, body: { contents: 'uno' } }),
);
const gone = must(await ada.DELETE('/message/{message_id}', { params: { path: { message_id: second.id } } }));
assert.equal(gone.success, true);

const { epoch } = must(await bob.POST('/sync', { body: { epoch: null, chats: {} } }));
const sync = must(await bob.POST('/sync', { body: { epoch, chats: { [chat.id]: third.pts } } }));
assert.deepEqual(applied(sync), { states: ['uno'], deleted: [second.id], unknown: [] });

const list = must(await bob.GET('/user/chats', { params: { query: { limit: 1 } } }));
const nextList = must(await bob.GET('/user/chats', { params: { query: { cursor: list.next ?? '' } } }));
assert.deepEqual([list.has_more, nextList.chats], [false, []]);

const missing = await bob.GET('/chat/{chat_id}', { params: { path: { chat_id: Number.MAX_SAFE_INTEGER } } });
const failure: Schemas['ApiError'] | undefined = missing.error;
assert.equal(failure?.details.code, 'CHAT_DOES_NOT_EXIST');

const later = createClient<paths>({ baseUrl: STAND_IN });
assert.deepEqual(applied(must(await later.POST('/sync', { body: { epoch: null, chats: {} } }))), {
  ...{ states: ['hello'], deleted: [], unknown: ['message.pinned'] },
});
assert.equal(
  (await later.GET('/chat/{chat_id}', { params: { path: { chat_id: 1 } } })).error?.details.code,
  'CHAT_ARCHIVED',
);
assert.equal((await later.GET('/user/me')).error?.details.code, 'PLAN_EXPIRED');

function isKnown(change: Schemas['Change']): change is Schemas['KnownChange'] {
  const known: string[] = [
    ...['message.state', 'message.deleted', 'chat.updated', 'participant.added', 'participant.removed'],
  ];
  return known.includes(change.type);
}

function applied({ chats }: Schemas['SyncAnswer']) {
  const result = { states: [] as string[], deleted: [] as number[], unknown: [] as string[] };
  for (const change of chats.flatMap(({ changes }) => changes)) {
    if (!isKnown(change)) result.unknown.push(change.type);
    else if (change.type === 'message.state') result.states.push(change.data.contents);
    else if (change.type === 'message.deleted') result.deleted.push(change.data.id);
  }
  return result;
}
