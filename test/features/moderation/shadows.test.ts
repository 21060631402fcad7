import { beforeAll, describe, expect, it } from 'vitest';
import { asRead, expectError, registerMany, type Answer, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

/** Leaves so many numbers out: other files use the same database, so never back. @returns the last number that is left out. */
async function skipIds(sequence: 'user_id_seq' | 'chat_id_seq' | 'message_id_seq', count: number): Promise<number> {
  const [row] = await test.db.$queryRaw<{ last: number }[]>`
    select setval(${`public.${sequence}`}::regclass, nextval(${`public.${sequence}`}::regclass) + ${count})::float8 as last`;
  return row!.last;
}

/** Users, chats and messages have numbers that nothing else has. */
beforeAll(async () => {
  await skipIds('user_id_seq', 10_000_000);
  await skipIds('chat_id_seq', 20_000_000);
  await skipIds('message_id_seq', 30_000_000);
});

/** A group in which `ada` is put into the shadow, unless `isShadowed` is false. */
async function group(isShadowed = true) {
  const [owner, moderator, ada, bob] = (await registerMany(test, 4)) as [Person, Person, Person, Person];
  const chatId = await owner.openGroup([moderator, ada, bob]);
  const url = `/chat/${chatId}`;
  await owner.patch(`${url}/participants/${moderator.id}`, { role: 'moderator' });
  const shadow = (by: Person, { id }: Person, more: object = {}) =>
    by.put(`${url}/participants/${id}/shadow`, { reason: 'spam', ...more });
  const lift = (by: Person, { id }: Person) => by.delete(`${url}/participants/${id}/shadow`);
  const before = await ada.send(chatId, 'before');
  const root = await bob.send(chatId, 'a question');
  if (isShadowed) expect((await shadow(moderator, ada)).status).toBe(200);
  return { owner, moderator, ada, bob, chatId, url, shadow, lift, before, root };
}

const contentsOf = ({ body }: Answer) => (body.messages as { contents: string }[]).map(({ contents }) => contents);

const soon = () => new Date(Date.now() + 86_400_000).toISOString();

describe('what is sent in the shadow', () => {
  it('is seen by its author alone, by whatever request', async () => {
    const { owner, moderator, ada, bob, chatId, url, lift, root } = await group();
    const { body: known } = await bob.post('/sync', { epoch: null, chats: {} });
    const pts = known.joined[0].pts as number;
    const mentions = { user_ids: [bob.id] };
    const { body: hidden } = await ada.post(`${url}/message`, { contents: 'hidden', mentions });
    const { body: reply } = await ada.post(`${url}/message`, { contents: 'in the thread', thread_id: root.id });
    await ada.put(`/message/${hidden.id}/reactions/${encodeURIComponent('👍')}`);

    for (const query of ['', '?order=desc', `?around=${hidden.id}`, '?threads=apart', '?threads=apart&order=desc']) {
      expect(contentsOf(await ada.get(`${url}/messages${query}`))).toContain('hidden');
      for (const other of [bob, moderator, owner])
        expect(contentsOf(await other.get(`${url}/messages${query}`))).not.toContain('hidden');
    }
    const asked = [
      `/message/${hidden.id}`,
      `/message/${hidden.id}/thread`,
      `/message/${hidden.id}/reactions`,
      `/message/${hidden.id}/versions`,
      `/message/${hidden.id}/receipts`,
    ];
    for (const path of asked) {
      expectError(await moderator.get(path), 404, 'MESSAGE_DOES_NOT_EXIST');
      expect([200, 403]).toContain((await ada.get(path)).status);
    }
    expectError(await bob.delete(`/message/${hidden.id}`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await owner.put(`/message/${hidden.id}/pin`, {}), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await bob.put(`/message/${hidden.id}/reactions/%F0%9F%91%8D`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await bob.post(`${url}/forward`, { message_id: hidden.id }), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(
      await bob.post(`${url}/message`, { contents: 'x', thread_id: hidden.id }),
      404,
      'THREAD_DOES_NOT_EXIST',
    );
    const report = { message_id: hidden.id, reason: 'spam' };
    expect((await bob.post('/reports', report)).status).toBe(404);

    const { body: shown } = await bob.get(url);
    expect(shown).toMatchObject({ last_message: { id: root.id }, unread_count: 1, unread_mentions: 0 });
    expect((await ada.get(url)).body.last_message.id).toBe(reply.id);
    expect((await bob.get('/user/badge')).body).toMatchObject({ messages: 1, mentions: 0 });
    const { body: synced } = await bob.post('/sync', { epoch: known.epoch, chats: { [chatId]: pts } });
    expect(synced.chats[0]).toMatchObject({ pts: pts + 4, has_more: false });
    expect(JSON.stringify(synced)).not.toContain('hidden');
    expect((await bob.get(`/message/${root.id}`)).body.thread).toBeUndefined();
    expect((await ada.get(`/message/${root.id}`)).body.thread).toMatchObject({
      ...{ reply_count: 1, last_reply_id: reply.id, participants: [ada.id] },
    });
    expect(contentsOf(await ada.get(`/message/${root.id}/thread`))).toEqual(['in the thread']);
    expect(contentsOf(await bob.get(`/message/${root.id}/thread`))).toEqual([]);
    expect((await bob.get('/user/threads')).body.count).toBe(0);
    expect((await ada.get('/user/threads')).body.threads).toMatchObject([{ following: true, unread_count: 0 }]);
    const host = await Host.of(test);
    expect(contentsOf(await host.get(`/server/chats/${chatId}/messages`))).not.toContain('hidden');

    // What nobody saw stays unseen.
    expect((await lift(moderator, ada)).status).toBe(200);
    const { body: answer } = await ada.post(`${url}/message`, { contents: 'in the light', reply_to_id: hidden.id });
    expect(answer.reply_to).toMatchObject({ excerpt: 'hidden' });
    expect((await bob.get(`/message/${answer.id}`)).body.reply_to).toEqual({ id: hidden.id, deleted: true });
    expect(contentsOf(await bob.get(`${url}/messages`))).toEqual(['before', 'a question', 'in the light']);
  });

  it('moves the chat up for its author alone', async () => {
    const { ada, bob, chatId } = await group();
    const other = await bob.openGroup([ada], 'another');
    await bob.send(other, 'newer');
    await ada.send(chatId, 'hidden');
    const orderOf = async (person: Person) =>
      ((await person.get('/user/chats')).body.chats as { id: number }[]).map(({ id }) => id);
    expect(await orderOf(ada)).toEqual([chatId, other]);
    expect(await orderOf(bob)).toEqual([other, chatId]);
    const { next } = (await ada.get('/user/chats?limit=1')).body;
    const second = await ada.get(`/user/chats?limit=1&cursor=${encodeURIComponent(next)}`);
    expect(second.body.chats).toMatchObject([{ id: other }]);
  });

  it('is an event for the devices of its author, and a number for the others', async () => {
    const { ada, bob, chatId } = await group();
    const [phone, bobs] = await Promise.all([ada, bob].map((person) => Socket.of(person)));
    const sent = await ada.send(chatId, 'hidden');
    expect(await phone!.take('message.created')).toMatchObject({ pts: sent.pts, data: asRead(sent) });
    expect(await bobs!.take('chat.advanced')).toMatchObject({ chat_id: chatId, pts: sent.pts });
    await ada.patch(`/message/${sent.id}`, { contents: 'edited' });
    expect(await phone!.take('message.updated')).toMatchObject({ data: { contents: 'edited' } });
    await ada.delete(`/message/${sent.id}`);
    expect(await phone!.take('message.deleted')).toMatchObject({ data: { id: sent.id } });
    const rest = [...(await bobs!.takeMany('chat.advanced', 2)), ...(await bobs!.rest())];
    expect(rest.map(({ type }) => type)).toEqual(['chat.advanced', 'chat.advanced']);
    expect((await ada.get(`/chat/${chatId}`)).body.last_message.contents).toBe('a question');
  });

  it('stays unseen when its author leaves and comes back', async () => {
    const { owner, ada, bob, chatId, url } = await group();
    const hidden = await ada.send(chatId, 'hidden');
    await ada.delete(`${url}/participants/${ada.id}`);
    await owner.post(`${url}/participants`, { user_ids: [ada.id] });
    expect((await ada.get(url)).body.last_message.id).toBe(hidden.id);
    await ada.send(chatId, 'hidden, too');
    expect(contentsOf(await bob.get(`${url}/messages`))).toEqual(['before', 'a question']);
    await test.db.$executeRaw`update public.chat_participant set shadowed_until = now() where chat_id = ${chatId}`;
    await ada.send(chatId, 'in the light');
    expect(contentsOf(await bob.get(`${url}/messages`))).toEqual(['before', 'a question', 'in the light']);
  });
});

describe('an older message that is edited in the shadow', () => {
  it('stays as it was for others, until it is edited in the light', async () => {
    const { moderator, ada, bob, chatId, url, lift, before } = await group();
    const { body: answer } = await bob.post(`${url}/message`, { contents: 'yes', reply_to_id: before.id });
    const { body: edited } = await ada.patch(`/message/${before.id}`, {
      ...{ contents: 'hidden', custom: { n: 1 }, mentions: { user_ids: [bob.id] } },
    });
    expect(edited).toMatchObject({ contents: 'hidden', custom: { n: 1 }, edited_at: expect.any(String) });
    expect((await ada.get(`/message/${before.id}`)).body).toMatchObject({
      contents: 'hidden',
      custom: { n: 1 },
      updated_at: edited.updated_at,
    });
    const seen = (await bob.get(`/message/${before.id}`)).body;
    expect(seen).toMatchObject({ contents: 'before', updated_at: before.updated_at });
    expect(seen).not.toHaveProperty('edited_at');
    expect(seen).not.toHaveProperty('custom');
    expect((await ada.get(`/message/${answer.id}`)).body.reply_to.excerpt).toBe('hidden');
    expect((await bob.get(`/message/${answer.id}`)).body.reply_to.excerpt).toBe('before');
    expect((await bob.get(url)).body.unread_mentions).toBe(0);
    const versionsOf = async (person: Person) =>
      ((await person.get(`/message/${before.id}/versions`)).body.versions as { contents: string }[]).map(
        ({ contents }) => contents,
      );
    expect(await versionsOf(ada)).toEqual(['before']);
    expect(await versionsOf(moderator)).toEqual([]);
    const again = await ada.patch(`/message/${before.id}`, { contents: 'hidden' });
    expect(again.body.pts).toBe(edited.pts);
    const { body: copy } = await ada.post(`${url}/forward`, { message_id: before.id });
    expect(copy.contents).toBe('hidden');

    await lift(moderator, ada);
    expect((await ada.patch(`/message/${before.id}`, { contents: 'hidden' })).body.pts).toBeGreaterThan(0);
    expect((await bob.get(`/message/${before.id}`)).body.contents).toBe('before');
    await ada.patch(`/message/${before.id}`, { contents: 'in the light' });
    for (const person of [ada, bob])
      expect((await person.get(`/message/${before.id}`)).body).toMatchObject({
        ...{ contents: 'in the light', custom: { n: 1 }, mentions: { user_ids: [bob.id] } },
      });
    expect((await bob.get(url)).body.unread_mentions).toBe(1);
    expect(await versionsOf(ada)).toEqual(['hidden', 'before']);
    expect(await versionsOf(moderator)).toEqual(['before']);
    expect((await ada.get(`/chat/${chatId}/messages`)).status).toBe(200);
  });
});

/** The answers with ids and numbers as far as they are from the first ones, and without times. */
function comparable(answers: readonly unknown[], names: ReadonlyMap<number, string>): unknown {
  const text = JSON.stringify(answers, (key, value: unknown) => {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return 'a time';
    if (key === 'request_id' || key === 'next') return value === null ? null : 'there is more';
    if (key === 'username' || key === 'name' || key === 'author_name') return 'a name';
    if (typeof value === 'number') return names.get(value) ?? value;
    return value;
  });
  return JSON.parse(text);
}

describe('who is in the shadow', () => {
  it('gets the answers that they would get outside of it', async () => {
    const live = async (isShadowed: boolean) => {
      const { ada, bob, owner, moderator, url, chatId, before, root } = await group(isShadowed);
      const device = await Socket.of(ada);
      const answers: unknown[] = [];
      // Far from all other numbers.
      const base = await skipIds('message_id_seq', 1_000_000);
      const names = new Map([owner, moderator, ada, bob].map(({ id }, index) => [id, `person ${index}`]));
      names.set(chatId, 'chat').set(before.id, 'before').set(root.id, 'root');
      const ask = async (answer: Promise<Answer>) => {
        const { status, body } = await answer;
        if (body.id > base && !names.has(body.id)) names.set(body.id, `message ${names.size}`);
        expect(status).toBeLessThan(500);
        answers.push({ status, body });
        return body;
      };
      const { epoch } = (await ada.post('/sync', { epoch: null, chats: {} })).body;
      const one = await ask(ada.post(`${url}/message`, { contents: 'one', client_id: 'mine' }));
      await ask(ada.post(`${url}/message`, { contents: 'one', client_id: 'mine' }));
      const two = await ask(ada.post(`${url}/message`, { contents: 'two', thread_id: root.id }));
      await ask(
        ada.post(`${url}/message`, { contents: 'three', reply_to_id: one.id, mentions: { user_ids: [bob.id] } }),
      );
      await ask(ada.patch(`/message/${one.id}`, { contents: 'first' }));
      await ask(ada.patch(`/message/${before.id}`, { contents: 'after', custom: { n: 1 } }));
      await ask(ada.patch(`/message/${before.id}`, { contents: 'after' }));
      await ask(ada.put(`/message/${one.id}/reactions/${encodeURIComponent('👍')}`));
      await ask(ada.put(`/message/${before.id}/reactions/${encodeURIComponent('👍')}`));
      await ask(ada.post(`${url}/forward`, { message_id: before.id }));
      const poll = { question: 'When?', options: ['now', 'later'] };
      const asked = await ask(ada.post(`${url}/message`, { contents: 'When?', poll }));
      await ask(ada.put(`/message/${asked.id}/poll/votes`, { option_ids: [1] }));
      await ask(ada.put(`/message/${two.id}/reminder`, { remind_at: soon() }));
      await ask(ada.post(`${url}/read`, { message_id: asked.id }));
      await ask(ada.put(`/message/${root.id}/thread/read`, { message_id: two.id }));
      for (const path of [
        ...[url, '/user/chats', '/user/badge', '/user/threads', `${url}/messages`, `${url}/messages?order=desc`],
        ...[`${url}/messages?threads=apart`, `${url}/messages?around=${two.id}`, `/message/${root.id}/thread`],
        ...[`/message/${one.id}`, `/message/${root.id}`, `/message/${before.id}/versions`, `${url}/participants`],
        ...[`/message/${one.id}/reactions?emoji=${encodeURIComponent('👍')}`, `${url}/restrictions`, `${url}/shadows`],
      ])
        await ask(ada.get(path));
      await ask(ada.delete(`/message/${two.id}`));
      await ask(ada.delete(`/message/${asked.id}`));
      await ask(ada.get(`/message/${root.id}`));
      await ask(ada.get(url));
      await ask(ada.post('/sync', { epoch, chats: { [chatId]: 2 }, me_pts: 0 }));
      await device.ask({ type: 'ping' });
      return comparable([...answers, ...(await device.rest())], names);
    };
    expect(await live(true)).toEqual(await live(false));
  });

  it('does not find themselves in the list, which those have who may moderate', async () => {
    const { owner, moderator, ada, bob, chatId, url, shadow, lift } = await group(false);
    expectError(await shadow(ada, bob), 403, 'RIGHT_MISSING');
    expectError(await shadow(moderator, owner), 403, 'RANK_TOO_LOW');
    expectError(await shadow(moderator, moderator), 403, 'RANK_TOO_LOW');
    expect((await shadow(moderator, ada, { until: '2020-01-01T00:00:00Z' })).status).toBe(422);
    const until = soon();
    expect((await shadow(moderator, ada, { until })).status).toBe(200);
    expect((await shadow(moderator, ada, { until })).status).toBe(200);
    expect((await shadow(owner, moderator)).status).toBe(200);
    expect((await owner.get(`${url}/shadows`)).body.sanctions).toMatchObject([
      { user: { id: moderator.id }, until: null, reason: 'spam', actor_id: owner.id },
      { user: { id: ada.id }, until, actor_id: moderator.id },
    ]);
    expect((await moderator.get(`${url}/shadows`)).body.sanctions).toMatchObject([{ user: { id: ada.id } }]);
    expectError(await bob.get(`${url}/shadows`), 403, 'RIGHT_MISSING');
    expectError(await lift(moderator, moderator), 403, 'RANK_TOO_LOW');
    await lift(moderator, ada);
    await lift(moderator, ada);
    const entries = await test.db.auditLog.findMany({ where: { user_id: ada.id }, orderBy: { id: 'asc' } });
    expect(entries.map(({ action }) => action)).toEqual(['chat.member_shadowed', 'chat.member_shadow_lifted']);
    expect(entries[0]!.details).toEqual({ chat_id: chatId, reason: 'spam', until });
  });

  it('is let out of it when the group becomes theirs', async () => {
    const { owner, ada, bob, chatId, url } = await group();
    await owner.patch(`${url}/participants/${ada.id}`, { role: 'owner' });
    await ada.send(chatId, 'mine');
    expect(contentsOf(await bob.get(`${url}/messages`))).toContain('mine');
  });
});
