import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { registerAdmin } from '../../support/admins.js';
import { expectError, register, registerMany, type Answer, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { at } from '../../support/nodes.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

let admin: Person;
beforeAll(async () => {
  admin = await registerAdmin(test);
});
afterEach(() => admin.put('/admin/filters', {}));

const set = async (settings: object) => {
  const { status, body } = await admin.put('/admin/filters', settings);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const words = (outcome: object, ...entries: string[]) => ({ words: { entries, outcome } });
const BLOCK = { action: 'block', text: 'Mind your language.' };

/** Never which word, link or number it was. */
function expectFiltered(answer: Answer, text?: string): void {
  expectError(answer, 403, 'FILTERED', text === undefined ? {} : { text });
}

async function group() {
  const [owner, ada, bob] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await owner.openGroup([ada, bob]);
  const say = (person: Person, contents: string, more: object = {}) =>
    person.post(`/chat/${chatId}/message`, { contents, ...more });
  return { owner, ada, bob, chatId, say };
}

const reportsAbout = (messageId: number) =>
  test.db.report.findMany({ where: { kind: 'message', target_id: messageId } });
const auditOf = (action: string) => test.db.auditLog.findMany({ where: { action }, orderBy: { id: 'desc' }, take: 1 });

describe('polls', () => {
  it('are looked at with all that people read of them, and so is an option that is added', async () => {
    const { ada, bob, chatId, say } = await group();
    await set(words(BLOCK, 'casino'));
    const poll = (question: string, ...options: string[]) => ({ poll: { question, options, may_add_options: true } });
    expectFiltered(await say(ada, 'look', poll('The casino?', 'yes', 'no')), BLOCK.text);
    expectFiltered(await say(ada, 'look', poll('Where?', 'casino', 'home')), BLOCK.text);
    const asked = await say(ada, 'look', poll('Where?', 'out', 'home'));
    expect(asked.status).toBe(200);
    const url = `/message/${asked.body.id}/poll`;
    expectFiltered(await bob.post(`${url}/options`, { text: 'the casino' }), BLOCK.text);
    expect((await ada.get(url)).body.poll.options).toHaveLength(2);
    expect((await bob.post(`${url}/options`, { text: 'the sea' })).status).toBe(200);
    await set(words({ action: 'flag' }, 'sea', 'casino'));
    await bob.post(`${url}/options`, { text: 'the casino' });
    expect(await reportsAbout(asked.body.id)).toMatchObject([{ filter: 'words' }]);
    expect((await ada.get(`/chat/${chatId}/messages`)).body.messages).toHaveLength(1);
    // What is there already may be said again, whatever is looked for since.
    await set(words(BLOCK, 'sea'));
    expect((await bob.post(`${url}/options`, { text: 'the sea' })).status).toBe(200);
  });
});

describe('GET and PUT /admin/filters', () => {
  it('set all anew, with a version and in the audit log', async () => {
    const { body: before } = await admin.get('/admin/filters');
    expect(before).toMatchObject({ words: null, links: null, mentions: null, flood: null, exempt_roles: [] });
    const given = {
      words: { entries: ['casino*'], allowed: ['casinos'], outcome: { action: 'restrict', seconds: 60 } },
      links: { mode: 'only', domains: ['example.com'], outcome: BLOCK },
      mentions: { limit: 3, outcome: { action: 'flag' } },
      flood: { repeats: { limit: 3, seconds: 10 }, outcome: { action: 'flag' } },
      ...{ exempt_roles: ['owner'], exempt_api_keys: true },
    };
    const now = await set({ ...given, if_version: before.version });
    expect(now).toEqual({ ...given, version: Number(before.version) + 1 });
    expect((await admin.get('/admin/filters')).body).toEqual(now);
    const [entry] = await auditOf('filters.changed');
    expect(entry).toMatchObject({ actor_type: 'user', details: { version: now.version, words: 'restrict' } });
    expect(JSON.stringify(entry!.details)).not.toContain('casino');
    // The same is no change.
    expect(await set({ ...given, if_version: before.version })).toEqual(now);
    expect(await auditOf('filters.changed')).toEqual([entry]);
    expectError(await admin.put('/admin/filters', { if_version: before.version }), 409, 'CHANGED_MEANWHILE');
    const [one, other] = await Promise.all(
      ['one', 'other'].map((word) => admin.put('/admin/filters', { if_version: now.version, ...words(BLOCK, word) })),
    );
    expect([one!.status, other!.status].sort()).toEqual([200, 409]);
  });

  it.each([
    [words(BLOCK, 'two words'), 'words'],
    [words({ action: 'restrict' }, 'x'), 'words'],
    [{ words: { entries: ['x'], allowed: ['*'], outcome: BLOCK } }, 'words'],
    [{ links: { mode: 'block', domains: ['https://x.com'], outcome: BLOCK } }, 'links'],
    [{ flood: { outcome: BLOCK } }, 'flood'],
  ])('refuse %j', async (settings, field) => {
    const answer = await admin.put('/admin/filters', settings);
    expectError(answer, 422, 'VALIDATION_ERROR', { errors: { [field]: expect.any(String) } });
  });

  it('take as many words and domains as there may be, in any script, and no more', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `${'猫'.repeat(56)}${index}`);
    const domains = Array.from({ length: 1000 }, (_, index) => `${'x'.repeat(60)}.${'y'.repeat(60)}.d${index}.example`);
    const links = { mode: 'block', domains, outcome: BLOCK };
    await set({ ...words(BLOCK, ...many(1000)), links });
    expect((await admin.put('/admin/filters', words(BLOCK, ...many(1001)))).status).toBe(422);
    expect((await admin.put('/admin/filters', words(BLOCK, 'x'.repeat(61)))).status).toBe(422);
  });

  it('are for admins', async () => {
    const ada = await register(test);
    expectError(await ada.get('/admin/filters'), 403, 'ADMIN_REQUIRED');
    expectError(await ada.put('/admin/filters', {}), 403, 'ADMIN_REQUIRED');
  });
});

describe('a filter', () => {
  it('blocks what it finds, over REST and the socket, and never says what it was', async () => {
    const { ada, chatId, say, owner } = await group();
    await set({ words: { entries: ['cat*'], allowed: ['catalogue'], outcome: BLOCK } });
    const refused = await say(ada, 'such a ＣＡＴ');
    expectFiltered(refused, BLOCK.text);
    expect(JSON.stringify(refused.body)).not.toMatch(/cat/i);
    const socket = await Socket.of(ada);
    const frame = { type: 'send', chat_id: chatId, contents: 'cats', client_id: 'x' };
    expect(await socket.ask(frame)).toMatchObject({
      type: 'error',
      status_code: 403,
      details: { code: 'FILTERED', text: BLOCK.text },
    });
    expect((await say(ada, 'a catalogue of concats')).status).toBe(200);
    expectFiltered(await say(owner, 'cat'), BLOCK.text);
    await set({});
    expect((await say(ada, 'cat')).status).toBe(200);
  });

  it('reports what it only flags, once until somebody has dealt with it', async () => {
    const { ada, say } = await group();
    await set(words({ action: 'flag' }, 'buy'));
    const { body: message } = await say(ada, 'Buy!', { client_id: 'x' });
    expect((await say(ada, 'Buy!', { client_id: 'x' })).body).toMatchObject({ deduplicated: true });
    await ada.patch(`/message/${message.id}`, { contents: 'Buy now!' });
    const [kept, ...others] = await reportsAbout(message.id);
    expect(others).toEqual([]);
    const before = Number(kept!.id) - 1;
    const { body } = await admin.get(`/admin/reports?state=open${before > 0 ? `&cursor=${before}` : ''}`);
    expect(body.reports.find(({ id }: { id: number }) => id === Number(kept!.id))).toMatchObject({
      ...{ kind: 'message', target_id: message.id, reporter: null, reason: 'filter', filter: 'words', state: 'open' },
      ...{ author: { id: ada.id }, evidence: { versions: [{ contents: 'Buy!' }] } },
    });
    await admin.post(`/admin/reports/${Number(kept!.id)}/resolve`, { action: 'dismiss', reason: 'fine' });
    await ada.patch(`/message/${message.id}`, { contents: 'Buy it!' });
    expect(await reportsAbout(message.id)).toHaveLength(2);
    const { body: fine } = await say(ada, 'hello');
    expect(await reportsAbout(fine.id)).toEqual([]);
  });

  it('restricts in a group, once, and blocks in a private chat and for the owner', async () => {
    const { owner, ada, bob, chatId, say } = await group();
    await set(words({ action: 'restrict', seconds: 600, text: 'No.' }, 'spam'));
    const answers = await Promise.all([1, 2, 3].map(() => say(ada, 'spam')));
    for (const { status } of answers) expect(status).toBe(403);
    expect(answers.map(({ body }) => body.details.code)).toContain('FILTERED');
    for (const text of ['spam', 'hello'])
      expectError(await say(ada, text), 403, 'RESTRICTED', { until: expect.any(String) });
    const { body } = await owner.get(`/chat/${chatId}/restrictions`);
    expect(body.sanctions).toMatchObject([
      { user: { id: ada.id }, reason: 'Filter: words', until: expect.any(String) },
    ]);
    const audited = await test.db.auditLog.findMany({ where: { user_id: ada.id } });
    expect(audited.map(({ actor_type, action }) => [actor_type, action])).toEqual([
      ['system', 'chat.member_restricted'],
    ]);
    const privateId = await bob.openPrivate(ada);
    expectFiltered(await bob.post(`/chat/${privateId}/message`, { contents: 'spam' }), 'No.');
    expect((await say(bob, 'hello')).status).toBe(200);
    expectFiltered(await say(owner, 'spam'), 'No.');
    expect((await say(owner, 'hello')).status).toBe(200);
  });

  it('puts in the shadow, where the message is sent for its author alone', async () => {
    const { owner, ada, bob, chatId, say } = await group();
    const before = await ada.send(chatId, 'before');
    await set(words({ action: 'shadow', seconds: 600 }, 'spam'));
    const answers = await Promise.all([1, 2, 3].map(() => say(ada, 'spam')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await ada.patch(`/message/${before.id}`, { contents: 'spam' });
    for (const { body } of [...answers, await say(ada, 'hello')]) {
      expect((await ada.get(`/message/${body.id}`)).status).toBe(200);
      expectError(await bob.get(`/message/${body.id}`), 404, 'MESSAGE_DOES_NOT_EXIST');
    }
    expect((await bob.get(`/message/${before.id}`)).body.contents).toBe('before');
    const shadows = async () => (await owner.get(`/chat/${chatId}/shadows`)).body.sanctions;
    const [shadow] = await shadows();
    expect(shadow).toMatchObject({ user: { id: ada.id }, reason: 'Filter: words', until: expect.any(String) });
    const audited = await test.db.auditLog.findMany({ where: { user_id: ada.id } });
    expect(audited.map(({ action }) => action)).toEqual(['chat.member_shadowed']);
    // One that a moderator has made is not cut short.
    await owner.put(`/chat/${chatId}/participants/${ada.id}/shadow`, { reason: 'for good' });
    await say(ada, 'spam');
    expect(await shadows()).toMatchObject([{ reason: 'for good', until: null }]);
    const privateId = await bob.openPrivate(ada);
    expectFiltered(await bob.post(`/chat/${privateId}/message`, { contents: 'spam' }));
    expectFiltered(await say(owner, 'spam'));
    expect((await say(owner, 'hello')).status).toBe(200);
  });

  it('looks at edits, and not at what was sent before', async () => {
    const { ada, chatId, say } = await group();
    const message = await ada.send(chatId, 'cat', 'x');
    await ada.patch(`/message/${message.id}`, { contents: 'two cats', client_id: 'e' });
    await set(words(BLOCK, 'cat*'));
    expect((await say(ada, 'cat', { client_id: 'x' })).body).toMatchObject({ id: message.id, deduplicated: true });
    const edit = (contents: string, more: object = {}) => ada.patch(`/message/${message.id}`, { contents, ...more });
    expect((await edit('two cats', { client_id: 'e' })).body).toMatchObject({ deduplicated: true });
    expectFiltered(await edit('three cats', { client_id: 'f' }), BLOCK.text);
    expect((await edit('a dog')).body.contents).toBe('a dog');
    await ada.delete(`/message/${message.id}`);
    expectError(await say(ada, 'cat', { client_id: 'x' }), 410, 'MESSAGE_DELETED');
  });

  it('tells an outsider nothing of itself, nor of the chat', async () => {
    const { chatId, say } = await group();
    const outsider = await register(test);
    await set(words({ action: 'restrict', seconds: 60 }, 'cat'));
    expectError(await say(outsider, 'cat'), 404, 'CHAT_DOES_NOT_EXIST');
    expect(await test.db.chatSanction.count({ where: { chat_id: chatId } })).toBe(0);
  });

  it('looks at scheduled messages when it is time', async () => {
    const { ada, chatId } = await group();
    const send_at = new Date(Date.now() + 3_600_000).toISOString();
    const { body: later } = await ada.post(`/chat/${chatId}/scheduled`, { contents: 'a cat', send_at });
    await set(words(BLOCK, 'cat'));
    expectFiltered(await ada.post(`/scheduled/${later.id}/send`, {}), BLOCK.text);
    await test.db.$executeRaw`
      update public.scheduled_message set send_at = now(), due_at = now() where id = ${later.id}`;
    const states = async () => (await ada.get('/user/scheduled')).body.scheduled;
    await expect.poll(states).toMatchObject([{ id: later.id, state: 'failed', reason: 'FILTERED' }]);
  });

  it('lets roles and API keys be exempt', async () => {
    const { owner, ada, chatId, say } = await group();
    const host = await Host.of(test, ['act_as', 'admin']);
    const asAda = (method: 'POST' | 'PATCH', url: string, contents: string) =>
      host.as(String(ada.id), method, url, { contents });
    await set({ ...words(BLOCK, 'cat'), exempt_roles: ['owner'], exempt_api_keys: true });
    expect((await say(owner, 'cat')).status).toBe(200);
    expectFiltered(await say(ada, 'cat'), BLOCK.text);
    const { status, body } = await asAda('POST', `/chat/${chatId}/message`, 'cat');
    expect(status).toBe(200);
    expect((await asAda('PATCH', `/message/${body.id}`, 'a cat')).status).toBe(200);
    await set(words(BLOCK, 'cat'));
    expectFiltered(await asAda('POST', `/chat/${chatId}/message`, 'cat'), BLOCK.text);
    await set({ ...words(BLOCK, 'cat'), exempt_roles: ['member'] });
    expect((await say(ada, 'cat')).status).toBe(200);
    const privateId = await ada.openPrivate(owner);
    // There are no roles.
    expectFiltered(await ada.post(`/chat/${privateId}/message`, { contents: 'cat' }), BLOCK.text);
  });

  it('looks for links and for too many names', async () => {
    const { owner, ada, bob, say } = await group();
    const mentions = { limit: 1, outcome: { action: 'block' } };
    await set({ links: { mode: 'only', domains: ['example.com'], outcome: BLOCK }, mentions });
    expectFiltered(await say(ada, 'https://evil.com'), BLOCK.text);
    expect((await say(ada, 'https://docs.example.com')).status).toBe(200);
    const naming = (...ids: number[]) => say(ada, 'you', { mentions: { user_ids: ids } });
    expect((await naming(bob.id, bob.id)).status).toBe(200);
    expectFiltered(await naming(bob.id, owner.id));
    const { body } = await naming();
    const edited = await ada.patch(`/message/${body.id}`, {
      ...{ contents: 'you', mentions: { user_ids: [bob.id], roles: ['moderator'] } },
    });
    expectFiltered(edited);
  });

  it('lets the severest decide', async () => {
    const { ada, say } = await group();
    const links = { mode: 'block', domains: ['evil.com'], outcome: { action: 'block', text: 'No links.' } };
    await set({ ...words({ action: 'flag' }, 'cat'), links });
    expectFiltered(await say(ada, 'cat evil.com'), 'No links.');
  });
});

describe('flood', () => {
  const flood = (more: object) => ({ flood: { outcome: { action: 'block' }, ...more } });

  it('is too many messages of one user; what is refused does not count, nor do repeats and edits', async () => {
    const { ada, bob, say } = await group();
    await set(flood({ messages: { limit: 2, seconds: 3600 } }));
    const { body: first } = await say(ada, 'one', { client_id: 'one' });
    expect((await say(ada, 'one', { client_id: 'one' })).body).toMatchObject({ deduplicated: true });
    expect((await ada.patch(`/message/${first.id}`, { contents: 'uno' })).status).toBe(200);
    expect((await say(ada, 'two')).status).toBe(200);
    expectFiltered(await say(ada, 'three'));
    expect((await say(bob, 'one')).status).toBe(200);
    await set(flood({ messages: { limit: 3, seconds: 3600 } }));
    expect((await say(ada, 'three')).status).toBe(200);
    expectFiltered(await say(ada, 'four'));
  });

  it('is the same text again and again, and counts all at once', async () => {
    const { ada, say } = await group();
    await set(flood({ repeats: { limit: 2, seconds: 3600 } }));
    const answers = await Promise.all(['Buy  now', 'buy now', 'BUY now', 'Buy\nnow'].map((text) => say(ada, text)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 403, 403]);
    expect((await say(ada, 'something else')).status).toBe(200);
  });

  it('that is flagged is reported once for as many again', async () => {
    const { ada, say } = await group();
    await set({ flood: { outcome: { action: 'flag' }, messages: { limit: 2, seconds: 3600 } } });
    for (const text of ['1', '2', '3', '4', '5', '6']) expect((await say(ada, text)).status).toBe(200);
    const reports = await test.db.report.findMany({ where: { author_id: ada.id } });
    expect(reports.map(({ filter }) => filter)).toEqual(['flood', 'flood']);
  });
});

it('a node that has just started knows what is looked for, and learns a change within a second', async () => {
  const { ada, chatId } = await group();
  await set(words(BLOCK, 'cat'));
  const onOther = at(await test.another({}), ada);
  const post = (contents: string) => onOther.post(`/chat/${chatId}/message`, { contents });
  expectFiltered(await post('cat'), BLOCK.text);
  await set(words(BLOCK, 'dog'));
  await expect.poll(async () => (await post('dog')).status, { timeout: 1000, interval: 50 }).toBe(403);
  expect((await post('cat')).status).toBe(200);
});
