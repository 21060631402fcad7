import assert from 'node:assert/strict';
import * as api from './api';
import { createClient, type Client } from './api/client';

const { SERVER = '', STAND_IN = '' } = process.env;
const run = String(Date.now());

function must<T>(answer: { data: T | undefined; error: unknown }): T {
  assert.ok(answer.data !== undefined, JSON.stringify(answer.error));
  return answer.data;
}

async function signUp(name: string): Promise<Client> {
  const body = { username: `${name}-${run}`, email: `${name}-${run}@example.com`, password: 'correct horse battery' };
  const anyone = createClient({ baseUrl: SERVER });
  const { access_token } = must(await api.register({ client: anyone, body }));
  return createClient({ baseUrl: SERVER, auth: access_token });
}

const ada = await signUp('ada');
const bob = await signUp('bob');
const me: api.User = must(await api.getMe({ client: bob }));
const chat = must(await api.createPrivateChat({ client: ada, body: { with_user_id: me.id } }));
const path = { chat_id: chat.id };

const send = async (contents: string): Promise<api.SentMessage> =>
  must(await api.sendMessage({ client: ada, path, body: { contents, client_id: contents } }));
const [first, second, third] = [await send('one'), await send('two'), await send('three')];
assert.equal(first.deduplicated, undefined);
assert.equal((await send('one')).deduplicated, true);

const page = must(await api.getMessages({ client: bob, path, query: { limit: 2, order: 'asc' } }));
assert.deepEqual([page.has_more, page.next], [true, second.id]);
const rest = must(await api.getMessages({ client: bob, path, query: { limit: 2, cursor: page.next ?? 0 } }));
assert.deepEqual([rest.has_more, rest.next, rest.messages[0]?.id], [false, null, third.id]);

must(await api.changeMessage({ client: ada, path: { message_id: first.id }, body: { contents: 'uno' } }));
const gone = must(await api.deleteMessage({ client: ada, path: { message_id: second.id } }));
assert.equal(gone.success, true);

const { epoch } = must(await api.sync({ client: bob, body: { epoch: null, chats: {} } }));
const sync = must(await api.sync({ client: bob, body: { epoch, chats: { [chat.id]: third.pts } } }));
assert.deepEqual(applied(sync), { states: ['uno'], deleted: [second.id], unknown: [] });

const list = must(await api.getChats({ client: bob, query: { limit: 1 } }));
const nextList = must(await api.getChats({ client: bob, query: { cursor: list.next ?? '' } }));
assert.deepEqual([list.has_more, nextList.chats], [false, []]);

const missing = await api.getChat({ client: bob, path: { chat_id: Number.MAX_SAFE_INTEGER } });
const failure: api.ApiError | undefined = missing.error;
assert.equal(failure?.details.code, 'CHAT_DOES_NOT_EXIST');

const later = createClient({ baseUrl: STAND_IN });
assert.deepEqual(applied(must(await api.sync({ client: later, body: { epoch: null, chats: {} } }))), {
  ...{ states: ['hello'], deleted: [], unknown: ['message.pinned'] },
});
assert.equal((await api.getChat({ client: later, path: { chat_id: 1 } })).error?.details.code, 'CHAT_ARCHIVED');
assert.equal((await api.getMe({ client: later })).error?.details.code, 'PLAN_EXPIRED');

function isKnown(change: api.Change): change is api.KnownChange {
  const known = ['message.state', 'message.deleted', 'chat.updated', 'participant.added', 'participant.removed'];
  return known.includes(change.type);
}

function applied({ chats }: api.SyncAnswer) {
  const result = { states: [] as string[], deleted: [] as number[], unknown: [] as string[] };
  for (const change of chats.flatMap(({ changes }) => changes)) {
    if (!isKnown(change)) result.unknown.push(change.type);
    else if (change.type === 'message.state') result.states.push(change.data.contents);
    else if (change.type === 'message.deleted') result.deleted.push(change.data.id);
  }
  return result;
}
