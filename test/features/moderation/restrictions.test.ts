import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, register, registerMany, type Person } from '../../support/client.js';
import { registerAdmin } from '../../support/admins.js';
import { Host } from '../../support/host.js';

const test = useApp();

async function group() {
  const [owner, moderator, ada, bob] = (await registerMany(test, 4)) as [Person, Person, Person, Person];
  const chatId = await owner.openGroup([moderator, ada, bob]);
  const url = `/chat/${chatId}`;
  await owner.patch(`${url}/participants/${moderator.id}`, { role: 'moderator' });
  const restrict = (by: Person, { id }: Person, more: object = {}) =>
    by.put(`${url}/participants/${id}/restriction`, { reason: 'too loud', ...more });
  const lift = (by: Person, { id }: Person) => by.delete(`${url}/participants/${id}/restriction`);
  const roleOf = async (person: Person) => (await person.get(url)).body.own_role;
  return { owner, moderator, ada, bob, chatId, url, restrict, lift, roleOf };
}

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();
const DAY_MS = 86_400_000;

/** Lets the time of the restriction, or the suspension, be over. */
const passTime = (userId: number) =>
  test.db.$transaction([
    test.db
      .$executeRaw`update public.chat_sanction set until = now(), due_at = now() where user_id = ${userId} and kind = 'restriction'`,
    test.db.$executeRaw`update public.suspension_end set until = now(), due_at = now() where user_id = ${userId}`,
  ]);

describe('who is restricted', () => {
  it('reads, and neither sends, edits nor reacts, until it is lifted', async () => {
    const { owner, moderator, ada, chatId, url, restrict, lift, roleOf } = await group();
    const mine = await ada.send(chatId, 'mine');
    const theirs = await owner.send(chatId, 'theirs');
    const until = soon(DAY_MS);
    expect(await restrict(moderator, ada, { until })).toMatchObject({ status: 200, body: { success: true } });
    const refused = [
      await ada.post(`${url}/message`, { contents: 'again' }),
      await ada.post(`${url}/message`, { contents: 'in a thread', thread_id: theirs.id }),
      await ada.patch(`/message/${mine.id}`, { contents: 'other' }),
      await ada.put(`/message/${theirs.id}/reactions/${encodeURIComponent('👍')}`),
      await ada.post(`${url}/scheduled`, { contents: 'later', send_at: soon(DAY_MS) }),
      await ada.patch(url, { name: 'mine' }),
      await ada.post(`${url}/participants`, { user_ids: [owner.id] }),
    ];
    for (const answer of refused) expectError(answer, 403, 'RESTRICTED', { until });
    expect((await ada.get(`${url}/messages`)).body.count).toBe(2);
    expect((await ada.get(url)).body).toMatchObject({ own_role: 'reader', own_rights: [] });
    expect((await ada.delete(`/message/${mine.id}`)).status).toBe(200);
    expect((await lift(moderator, ada)).status).toBe(200);
    expect(await roleOf(ada)).toBe('member');
    await ada.send(chatId, 'again');
  });

  it('gets the role back that they had, when the time has come', async () => {
    const { owner, moderator, ada, chatId, restrict, roleOf } = await group();
    await restrict(owner, moderator, { until: soon(DAY_MS) });
    expectError(await restrict(moderator, ada), 403, 'RESTRICTED', { until: expect.any(String) });
    await passTime(moderator.id);
    await expect.poll(() => roleOf(moderator), { timeout: 5000 }).toBe('moderator');
    const entries = await test.db.auditLog.findMany({ where: { user_id: moderator.id }, orderBy: { id: 'asc' } });
    expect(entries.map(({ action, actor_type }) => [action, actor_type])).toEqual([
      ['chat.member_restricted', 'user'],
      ['chat.member_unrestricted', 'system'],
    ]);
    expect(entries[0]!.details).toMatchObject({ chat_id: chatId, reason: 'too loud' });
  });

  it('is told by their role, and so is everybody in the group', async () => {
    const { moderator, ada, bob, chatId, restrict } = await group();
    const { epoch } = (await bob.post('/sync', { epoch: null, chats: {} })).body;
    await restrict(moderator, ada);
    const { chats } = (await bob.post('/sync', { epoch, chats: { [chatId]: 2 } })).body;
    const roles = [{ user_id: ada.id, role: 'reader' }];
    expect(chats[0].changes).toMatchObject([{ type: 'participant.updated', pts: 3, data: { roles } }]);
    const { me } = (await ada.post('/sync', { epoch, chats: { [chatId]: 2 }, me_pts: 0 })).body;
    expect(me.changes).toMatchObject([{ data: { own_role: 'reader', own_rights: [] } }]);
  });

  it('is so once they have left and are back, and an outsider meanwhile', async () => {
    const { owner, moderator, ada, url, restrict, lift, roleOf } = await group();
    await restrict(moderator, ada);
    await ada.delete(`${url}/participants/${ada.id}`);
    expectError(await restrict(moderator, ada), 404, 'PARTICIPANT_DOES_NOT_EXIST');
    await owner.post(`${url}/participants`, { user_ids: [ada.id] });
    expect(await roleOf(ada)).toBe('reader');
    expectError(await ada.post(`${url}/message`, { contents: 'again' }), 403, 'RESTRICTED');
    await lift(moderator, ada);
    expect(await roleOf(ada)).toBe('member');
  });

  it('is no more when somebody gives them another role', async () => {
    const { owner, moderator, ada, chatId, url, restrict } = await group();
    await restrict(moderator, ada);
    await owner.patch(`${url}/participants/${ada.id}`, { role: 'member' });
    await ada.send(chatId, 'again');
    expect((await moderator.get(`${url}/restrictions`)).body.sanctions).toEqual([]);
  });

  it('is of a lower role, by the one that they get back', async () => {
    const { owner, moderator, ada, bob, restrict, lift, url } = await group();
    for (const person of [owner, moderator]) expectError(await restrict(moderator, person), 403, 'RANK_TOO_LOW');
    expectError(await restrict(ada, bob), 403, 'RIGHT_MISSING');
    expectError(await restrict(await register(test), bob), 404, 'CHAT_DOES_NOT_EXIST');
    await owner.patch(`${url}/participants/${ada.id}`, { role: 'admin' });
    await restrict(owner, ada);
    for (const act of [restrict, lift]) expectError(await act(moderator, ada), 403, 'RANK_TOO_LOW');
    expectError(await moderator.delete(`${url}/participants/${ada.id}`), 403, 'RANK_TOO_LOW');
  });

  it('is listed for who may moderate, once, with the last reason', async () => {
    const { moderator, ada, bob, url, restrict } = await group();
    await restrict(moderator, ada);
    await restrict(moderator, ada, { reason: 'and again' });
    await restrict(moderator, bob, { until: soon(DAY_MS) });
    const { body } = await moderator.get(`${url}/restrictions?limit=1`);
    expect(body).toMatchObject({ count: 1, has_more: true, sanctions: [{ user: { id: bob.id } }] });
    const { body: rest } = await moderator.get(`${url}/restrictions?cursor=${body.next}`);
    const sanction = { user: ada.shown, until: null, reason: 'and again', actor_id: moderator.id };
    expect(rest).toMatchObject({ count: 1, has_more: false, sanctions: [sanction] });
    expectError(await ada.get(`${url}/restrictions`), 403, 'RESTRICTED');
  });

  it('has sends refused that were not done', async () => {
    const { moderator, ada, url, restrict } = await group();
    const [restricted, ...sends] = await Promise.all([
      restrict(moderator, ada),
      ...Array.from({ length: 10 }, (_, n) => ada.post(`${url}/message`, { contents: `${n}` })),
    ]);
    expect(restricted.status).toBe(200);
    for (const send of sends) if (send.status !== 200) expectError(send, 403, 'RESTRICTED');
    expectError(await ada.post(`${url}/message`, { contents: 'last' }), 403, 'RESTRICTED');
  });

  it.each([
    [{ until: '2020-01-01T00:00:00Z' }, 'until'],
    [{ reason: ' ' }, 'reason'],
    [{ reason: 'x'.repeat(513) }, 'reason'],
    [{ until: 'tomorrow' }, 'until'],
  ])('is not by %j', async (body, field) => {
    const { moderator, ada, restrict } = await group();
    expectError(await restrict(moderator, ada, body), 422, 'VALIDATION_ERROR', {
      errors: { [field]: expect.any(String) },
    });
  });
});

describe('a suspension', () => {
  it('ends by itself, and takes along what the user has written', async () => {
    const { owner, ada, chatId, url } = await group();
    const admin = await registerAdmin(test);
    await ada.send(chatId, 'spam');
    await owner.send(chatId, 'ham');
    const body = { reason: 'Spam.', until: soon(DAY_MS), delete_messages: 'all' };
    const { body: suspended } = await admin.post(`/admin/users/${ada.id}/suspend`, body);
    expect(suspended).toMatchObject({ suspended_until: body.until, suspension_reason: 'Spam.' });
    await expect.poll(async () => (await owner.get(`${url}/messages`)).body.count, { timeout: 5000 }).toBe(1);
    await passTime(ada.id);
    const host = await Host.of(test, ['users:read']);
    const isSuspended = async () => (await host.get(`/server/users/${ada.id}`)).body.suspended_at;
    await expect.poll(isSuspended, { timeout: 5000 }).toBe(null);
    const [entry] = await test.db.auditLog.findMany({ where: { user_id: ada.id, action: 'user.suspended' } });
    expect(entry!.details).toEqual(body);
  });
});
