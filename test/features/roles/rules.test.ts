import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, registerMany, type Person } from '../../support/client.js';

const test = useApp();

async function group() {
  const [owner, ada, bob] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await owner.openGroup([ada, bob]);
  const url = `/chat/${chatId}`;
  const say = (person: Person, contents = 'hello') => person.post(`${url}/message`, { contents });
  return { owner, ada, bob, chatId, url, say };
}

const epochOf = async (person: Person) => (await person.post('/sync', { epoch: null, chats: {} })).body.epoch;

describe('slow mode', () => {
  it('has everybody wait from one message to the next, each for their own', async () => {
    const { owner, ada, bob, url, say } = await group();
    await owner.patch(url, { slow_mode_seconds: 60 });
    expect((await say(ada)).status).toBe(200);
    const refused = await say(ada);
    expectError(refused, 429, 'SLOW_MODE', { retry_after_ms: expect.any(Number) });
    expect(refused.body.details.retry_after_ms).toBeGreaterThan(55_000);
    expect(refused.body.details.retry_after_ms).toBeLessThanOrEqual(60_000);
    expect(Number(refused.headers['retry-after'])).toBe(Math.ceil(refused.body.details.retry_after_ms / 1000));
    expect((await say(bob)).status).toBe(200);
    for (const text of ['one', 'two']) expect((await say(owner, text)).status).toBe(200);
    await owner.patch(url, { slow_mode_seconds: 0 });
    expect((await say(ada)).status).toBe(200);
  });

  it('ends by itself', async () => {
    const { owner, ada, url, say } = await group();
    await owner.patch(url, { slow_mode_seconds: 1 });
    await say(ada);
    const { retry_after_ms } = (await say(ada)).body.details;
    await new Promise((resolve) => setTimeout(resolve, Number(retry_after_ms) + 20));
    expect((await say(ada)).status).toBe(200);
  });

  it('takes one of many messages that come at once, and answers a repeated one as before', async () => {
    const { owner, ada, bob, url } = await group();
    await owner.patch(url, { slow_mode_seconds: 60 });
    const send = (person: Person, client_id: string) => person.post(`${url}/message`, { contents: 'hello', client_id });
    const answers = await Promise.all(
      [ada, bob].flatMap((person) => Array.from({ length: 8 }, (_, n) => send(person, `n${n}`))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(2).fill(200), ...Array(14).fill(429)]);
    const { client_id, id } = answers.find(({ status }) => status === 200)!.body;
    expect((await send(ada, client_id)).body).toMatchObject({ id, deduplicated: true });
  });

  it.each([-1, 21_601, 1.5, '5', null])('is not of %j seconds', async (slow_mode_seconds) => {
    const { owner, url } = await group();
    expect((await owner.patch(url, { slow_mode_seconds })).status).toBe(422);
  });
});

describe('a frozen group', () => {
  it('takes messages and edits of those alone who may always', async () => {
    const { owner, ada, bob, url, say } = await group();
    const { body: earlier } = await say(ada);
    await owner.patch(`${url}/participants/${bob.id}`, { role: 'moderator' });
    const { body } = await bob.patch(url, { frozen: true });
    expect(body.frozen_at).toEqual(expect.any(String));
    expectError(await say(ada), 403, 'CHAT_FROZEN');
    expectError(await ada.patch(`/message/${earlier.id}`, { contents: 'other' }), 403, 'CHAT_FROZEN');
    expect((await say(bob)).status).toBe(200);
    expect((await ada.get(`${url}/messages`)).body.count).toBe(2);
    // Since when it is frozen does not change.
    expect((await owner.patch(url, { frozen: true })).body).toMatchObject({
      frozen_at: body.frozen_at,
      pts: Number(body.pts) + 1,
    });
    await owner.patch(url, { frozen: false });
    expect((await say(ada)).status).toBe(200);
  });

  it('refuses each send that was not done when it froze', async () => {
    const { owner, ada, url, say } = await group();
    const [{ body: frozen }, ...sends] = await Promise.all([
      owner.patch(url, { frozen: true }),
      ...Array.from({ length: 10 }, () => say(ada)),
    ]);
    for (const { status, body } of sends) if (status === 200) expect(body.pts).toBeLessThan(frozen.pts);
    expectError(await say(ada), 403, 'CHAT_FROZEN');
  });
});

describe('what a group is about', () => {
  it('is told in one change, with all else that has changed', async () => {
    const { owner, ada, chatId, url } = await group();
    const rules = { description: 'All about engines', slow_mode_seconds: 5, history_from_now: true };
    await owner.patch(url, { ...rules, member_rights: [] });
    const { chats } = (await ada.post('/sync', { epoch: await epochOf(ada), chats: { [chatId]: 1 } })).body;
    const data = { name: 'a group', ...rules, member_rights: [], updated_at: expect.any(String), actor_id: owner.id };
    expect(chats[0].changes).toEqual([{ type: 'chat.updated', pts: 2, data }]);
    expect(chats[0]).toMatchObject({ own_role: 'member', own_rights: [] });
    expect((await owner.patch(url, { description: '' })).body.description).toBeNull();
  });

  it('needs all of the rights that its parts need', async () => {
    const { owner, ada, url } = await group();
    expectError(await ada.patch(url, { description: 'x', frozen: true }), 403, 'RIGHT_MISSING');
    expect((await owner.get(url)).body).toMatchObject({ description: null, frozen_at: null, pts: 1 });
  });
});

describe('newcomers', () => {
  it('see only what comes after them, where the group says so', async () => {
    const { owner, ada, url, say } = await group();
    const [eve, late] = (await registerMany(test, 2)) as [Person, Person];
    await say(ada, 'of before');
    await owner.patch(url, { history_from_now: true });
    await ada.post(`${url}/participants`, { user_ids: [eve.id] });
    await say(ada, 'of after');
    const contents = async (person: Person) =>
      (await person.get(`${url}/messages`)).body.messages.map((message: { contents: string }) => message.contents);
    expect(await contents(eve)).toEqual(['of after']);
    await owner.patch(url, { history_from_now: false });
    await ada.post(`${url}/participants`, { user_ids: [late.id] });
    expect(await contents(late)).toEqual(['of before', 'of after']);
    expect(await contents(eve)).toEqual(['of after']);
  });
});

describe('GET /chat/{chat_id}/participants', () => {
  it('says what everybody is', async () => {
    const { owner, ada, bob, url } = await group();
    await owner.patch(`${url}/participants/${bob.id}`, { role: 'reader' });
    const { participants } = (await ada.get(`${url}/participants`)).body;
    expect(participants).toEqual([
      { ...owner.shown, role: 'owner' },
      { ...ada.shown, role: 'member' },
      { ...bob.shown, role: 'reader' },
    ]);
  });

  it('finds people by a word of their names, page by page', async () => {
    const { owner, ada, bob, url } = await group();
    await ada.patch('/user/me', { name: 'Zoë Ångström' });
    await bob.patch('/user/me', { name: 'Ada Zoe' });
    const find = async (query: string) => {
      const { status, body } = await owner.get(`${url}/participants?${query}`);
      expect(status).toBe(200);
      return { ids: body.participants.map(({ id }: Person) => id), next: body.next, has_more: body.has_more };
    };
    expect((await find('name=ang')).ids).toEqual([ada.id]);
    expect((await find(`name=${ada.username.toUpperCase()}`)).ids).toEqual([ada.id]);
    expect((await find('name=ngstr')).ids).toEqual([]);
    const first = await find('name=zoe&limit=1');
    expect(first).toMatchObject({ ids: [ada.id], has_more: true });
    expect(await find(`name=zoe&limit=1&cursor=${first.next}`)).toMatchObject({ ids: [bob.id], has_more: false });
    expectError(await owner.get(`${url}/participants?name=%20`), 422, 'VALIDATION_ERROR', {
      errors: { name: expect.any(String) },
    });
  });
});
