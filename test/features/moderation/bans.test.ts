import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, register, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

async function group() {
  const [owner, moderator, ada, bob] = (await registerMany(test, 4)) as [Person, Person, Person, Person];
  const chatId = await owner.openGroup([moderator, ada, bob]);
  const url = `/chat/${chatId}`;
  await owner.patch(`${url}/participants/${moderator.id}`, { role: 'moderator' });
  const ban = (by: Person, { id }: Person, more: object = {}) =>
    by.put(`${url}/bans/${id}`, { reason: 'spam', ...more });
  const lift = (by: Person, { id }: Person) => by.delete(`${url}/bans/${id}`);
  return { owner, moderator, ada, bob, chatId, url, ban, lift };
}

describe('who is banned', () => {
  it('is out, and comes back by nothing until it is lifted', async () => {
    const { owner, moderator, ada, chatId, url, ban, lift } = await group();
    const { body: link } = await owner.post(`${url}/invite-links`, {});
    const { body: asking } = await owner.post(`${url}/invite-links`, { needs_approval: true });
    expect((await ban(moderator, ada)).status).toBe(200);
    expectError(await ada.get(url), 404, 'CHAT_DOES_NOT_EXIST');
    const host = await Host.of(test);
    const refused = [
      await ada.post('/invite/preview', { token: link.token }),
      await ada.post('/invite/join', { token: link.token }),
      await ada.post('/invite/join', { token: asking.token }),
    ];
    for (const answer of refused) expectError(answer, 403, 'BANNED');
    const errors = { user_ids: `User ${ada.id} is banned from this group.` };
    expectError(await owner.post(`${url}/participants`, { user_ids: [ada.id] }), 403, 'BANNED', { errors });
    const added = await host.post(`/server/chats/${chatId}/members`, { members: [String(ada.id)] });
    expect(added.body.details?.code).toBe('BANNED');
    expect((await lift(moderator, ada)).status).toBe(200);
    expect((await ada.post('/invite/join', { token: link.token })).body).toEqual({
      outcome: 'joined',
      chat_id: chatId,
    });
  });

  it('had asked to join, and is not let in', async () => {
    const { owner, moderator, url, ban } = await group();
    const eve = await register(test);
    const { body: asking } = await owner.post(`${url}/invite-links`, { needs_approval: true });
    await eve.post('/invite/join', { token: asking.token });
    expect((await ban(moderator, eve)).status).toBe(200);
    expect((await owner.get(`${url}/join-requests`)).body.users).toEqual([]);
    expectError(await owner.put(`${url}/join-requests/${eve.id}`), 404, 'NO_JOIN_REQUEST');
  });

  it('may come back when the time is over', async () => {
    const { owner, moderator, ada, url, ban } = await group();
    const until = new Date(Date.now() + 60_000).toISOString();
    await ban(moderator, ada, { until });
    expect((await moderator.get(`${url}/bans`)).body.sanctions).toMatchObject([{ user: { id: ada.id }, until }]);
    await test.db.chatSanction.updateMany({ where: { user_id: ada.id }, data: { until: new Date() } });
    expect((await moderator.get(`${url}/bans`)).body.sanctions).toEqual([]);
    expect((await owner.post(`${url}/participants`, { user_ids: [ada.id] })).status).toBe(200);
  });

  it.each([
    ['none', 4],
    ['last_24h', 2],
    ['all', 1],
  ])('loses of their messages %s', async (delete_messages, left) => {
    const { owner, moderator, ada, bob, chatId, url, ban } = await group();
    const other = await ada.openPrivate(bob);
    await ada.send(other, 'elsewhere');
    const old = await ada.send(chatId, 'old');
    const created_at = new Date(Date.now() - 25 * 3_600_000);
    await test.db.message.update({ where: { id: old.id }, data: { created_at, updated_at: created_at } });
    await owner.send(chatId, 'of the owner');
    for (const text of ['one', 'two']) await ada.send(chatId, text);
    await ban(moderator, ada, { delete_messages });
    const count = async () => (await owner.get(`${url}/messages`)).body.count;
    await expect.poll(count, { timeout: 5000 }).toBe(left);
    expect((await bob.get(`/chat/${other}/messages`)).body.count).toBe(1);
  });

  it('is of a lower role, and no stranger to the moderator', async () => {
    const { owner, moderator, ada, bob, url, ban, lift } = await group();
    for (const person of [owner, moderator]) expectError(await ban(moderator, person), 403, 'RANK_TOO_LOW');
    expectError(await ban(ada, bob), 403, 'RIGHT_MISSING');
    expectError(await lift(ada, bob), 403, 'RIGHT_MISSING');
    expectError(await ada.get(`${url}/bans`), 403, 'RIGHT_MISSING');
    const outsider = await register(test);
    for (const act of [ban, lift]) expectError(await act(outsider, bob), 404, 'CHAT_DOES_NOT_EXIST');
    const answer = await moderator.put(`${url}/bans/999999999`, { reason: 'x' });
    expectError(answer, 400, 'USER_NOT_EXISTS', { errors: { user_id: 'There is no user 999999999.' } });
  });

  it('is banned once, however often it is asked, and it is one change', async () => {
    const { owner, moderator, ada, url, ban, lift } = await group();
    const answers = await Promise.all([ban(moderator, ada), ban(owner, ada), ban(moderator, ada)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await owner.get(url)).body.pts).toBe(3);
    expect((await owner.get(`${url}/bans`)).body.count).toBe(1);
    for (const by of [owner, moderator]) expect((await lift(by, ada)).status).toBe(200);
    const log = await test.db.auditLog.findMany({ where: { user_id: ada.id }, orderBy: { id: 'asc' } });
    expect(log[0]).toMatchObject({ action: 'chat.member_banned', details: { reason: 'spam' } });
    expect(log.filter(({ action }) => action === 'chat.member_unbanned')).toHaveLength(1);
  });
});
