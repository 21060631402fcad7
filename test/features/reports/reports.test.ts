import { describe, expect, it } from 'vitest';
import { registerAdmin } from '../../support/admins.js';
import { useApp } from '../../support/app.js';
import { expectError, register, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

/** A group, and a report of a message of Bob's by Ada. */
async function reported() {
  const [owner, ada, bob] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await owner.openGroup([ada, bob]);
  const url = `/chat/${chatId}`;
  const message = await bob.send(chatId, 'Buy!');
  const report = (more: object = {}) => ada.post('/reports', { message_id: message.id, reason: 'spam', ...more });
  const { body } = await report({ text: 'again' });
  const admin = await registerAdmin(test);
  const at = `/admin/reports/${body.id}`;
  const resolve = (action: string, more: object = {}, by = admin) =>
    by.post(`${at}/resolve`, { action, reason: 'a good reason', ...more });
  return { owner, ada, bob, admin, chatId, url, message, report, first: body, at, resolve };
}

const auditOf = async (userId: number) =>
  (await test.db.auditLog.findMany({ where: { user_id: userId }, orderBy: { id: 'asc' } })).map(
    ({ action, details }) => ({
      action,
      details,
    }),
  );

describe('POST /reports', () => {
  it('keeps one report until it is dealt with, however often and at once it is asked', async () => {
    const { ada, bob, report, first, message, resolve } = await reported();
    expect(first).toEqual({
      ...{ id: expect.any(Number), created_at: expect.any(String), kind: 'message', target_id: message.id },
      ...{ reason: 'spam', text: 'again', looked_at: null },
    });
    const answers = await Promise.all([report(), report(), report({ reason: 'other' })]);
    for (const { body } of answers) expect(body).toEqual(first);
    const users = await Promise.all([1, 2, 3].map(() => ada.post('/reports', { user_id: bob.id, reason: 'other' })));
    expect(new Set(users.map(({ body }) => body.id)).size).toBe(1);
    await resolve('dismiss');
    expect((await report()).body.id).toBeGreaterThan(first.id);
  });

  it('is of what one sees, and of others', async () => {
    const { owner, ada, bob, message, chatId, resolve } = await reported();
    const outsider = await register(test);
    const say = (person: Person, about: object) => person.post('/reports', { ...about, reason: 'spam' });
    expectError(await say(outsider, { message_id: message.id }), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await say(outsider, { chat_id: chatId }), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await say(ada, { user_id: 999_999_999 }), 404, 'USER_NOT_FOUND');
    expectError(await say(bob, { message_id: message.id }), 400, 'REPORT_YOURSELF');
    expectError(await say(bob, { user_id: bob.id }), 400, 'REPORT_YOURSELF');
    expect((await say(ada, { chat_id: chatId })).body).toMatchObject({ kind: 'chat', target_id: chatId });
    for (const person of [ada, owner]) expectError(await resolve('dismiss', {}, person), 403, 'ADMIN_REQUIRED');
    expectError(await ada.get('/admin/reports'), 403, 'ADMIN_REQUIRED');
  });

  it.each([
    [{ reason: 'boredom' }, 'reason'],
    [{ user_id: 1 }, 'message_id'],
    [{ message_id: undefined }, 'message_id'],
    [{ text: 'x'.repeat(1001) }, 'text'],
  ])('refuses %j', async (more, field) => {
    const { report } = await reported();
    expectError(await report(more), 422, 'VALIDATION_ERROR', { errors: { [field]: expect.any(String) } });
  });

  it('keeps what the message said, whatever becomes of it', async () => {
    const { bob, admin, message, first, at } = await reported();
    await bob.patch(`/message/${message.id}`, { contents: 'Nothing' });
    await bob.delete(`/message/${message.id}`);
    const { body } = await admin.post(`${at}/claim`, {});
    const evidence = { created_at: message.created_at, versions: [{ contents: 'Buy!', at: message.created_at }] };
    expect(body).toMatchObject({ id: first.id, evidence, author: { id: bob.id }, state: 'claimed' });
  });
});

it('keeps what the message had said before, as far as the server keeps it', async () => {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const admin = await registerAdmin(test);
  const { id } = await bob.send(await ada.openPrivate(bob), 'first');
  for (const contents of ['second', 'third']) await bob.patch(`/message/${id}`, { contents });
  const { body } = await ada.post('/reports', { message_id: id, reason: 'spam' });
  const claimed = await admin.post(`/admin/reports/${body.id}/claim`, {});
  const contents = claimed.body.evidence.versions.map((version: { contents: string }) => version.contents);
  expect(contents).toEqual(['first', 'second', 'third']);
});

describe('the queue', () => {
  it('has a report until one admin has dealt with it, and tells who reported that it was', async () => {
    const { ada, bob, admin, first, at, resolve } = await reported();
    const other = await registerAdmin(test);
    const listed = async (state: string) =>
      (await admin.get(`/admin/reports?state=${state}&cursor=${first.id - 1}`)).body.reports.map(
        ({ id }: { id: number }) => id,
      );
    expect(await listed('open')).toContain(first.id);
    const claims = await Promise.all([admin, other].map((by) => by.post(`${at}/claim`, {})));
    expect(claims.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [winner, loser] = claims[0]!.status === 200 ? [admin, other] : [other, admin];
    expectError(await resolve('dismiss', {}, loser), 409, 'REPORT_CLAIMED');
    expect(await listed('claimed')).toContain(first.id);
    expect((await ada.get('/user/reports')).body.reports).toEqual([first]);
    const { body } = await resolve('dismiss', {}, winner);
    expect(body).toMatchObject({ state: 'resolved', action: 'dismiss', resolution: 'a good reason' });
    expectError(await resolve('dismiss', {}, winner), 409, 'REPORT_RESOLVED');
    expectError(await winner.post(`${at}/claim`, {}), 409, 'REPORT_RESOLVED');
    const { body: mine } = await ada.get('/user/reports');
    expect(mine).toMatchObject({ reasons: ['spam', 'other'], reports: [{ ...first, looked_at: body.resolved_at }] });
    expect(await auditOf(bob.id)).toMatchObject([
      { action: 'report.claimed' },
      { action: 'report.resolved', details: { report_id: first.id, action: 'dismiss', reason: 'a good reason' } },
    ]);
    expectError(await admin.post('/admin/reports/999999999/claim', {}), 404, 'REPORT_DOES_NOT_EXIST');
  });

  it('lets another admin take on what has been claimed for an hour, or is escalated', async () => {
    const { first, at, resolve } = await reported();
    const other = await registerAdmin(test);
    await other.post(`${at}/claim`, {});
    await test.db.report.update({ where: { id: first.id }, data: { claimed_at: new Date(Date.now() - 3_600_001) } });
    expect((await resolve('escalate')).body).toMatchObject({ state: 'open', escalated: true, claimed_by: null });
    expect((await resolve('dismiss', {}, other)).body).toMatchObject({ claimed_by: { type: 'user', id: other.id } });
  });

  it.each([
    ['delete', {}, 'message.deleted'],
    ['restrict', {}, 'participant.updated'],
    ['ban', { delete_messages: 'none' }, 'participant.removed'],
  ])('does %s in the group', async (action, more, type) => {
    const { owner, bob, chatId, resolve } = await reported();
    const { epoch } = (await owner.post('/sync', { epoch: null, chats: {} })).body;
    expect((await resolve(action, more)).status).toBe(200);
    const { chats } = (await owner.post('/sync', { epoch, chats: { [chatId]: 2 } })).body;
    expect(chats[0].changes).toMatchObject([{ type, pts: 3 }]);
    if (action === 'ban') expectError(await bob.get(`/chat/${chatId}`), 404, 'CHAT_DOES_NOT_EXIST');
    if (action === 'restrict') expect((await bob.get(`/chat/${chatId}`)).body.own_role).toBe('reader');
    expect((await auditOf(bob.id)).at(-1)).toMatchObject({ action: 'report.resolved', details: { action } });
  });

  it('puts its author in the shadow, which takes no number', async () => {
    const { owner, bob, chatId, resolve } = await reported();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect((await resolve('shadow', { until })).status).toBe(200);
    const { body } = await owner.get(`/chat/${chatId}/shadows`);
    expect(body.sanctions).toMatchObject([{ user: { id: bob.id }, reason: 'a good reason', until }]);
    expect((await owner.get(`/chat/${chatId}`)).body.pts).toBe(2);
    const { id } = await bob.send(chatId, 'Buy more!');
    expectError(await owner.get(`/message/${id}`), 404, 'MESSAGE_DOES_NOT_EXIST');
  });

  it('bans from the application by a suspension', async () => {
    const { bob, resolve } = await reported();
    expect((await resolve('ban', { everywhere: true })).status).toBe(200);
    expectError(await bob.get('/user/me'), 401, 'NOT_AUTHORIZED', { reason: 'USER_SUSPENDED' });
    const [ada, eve] = (await registerMany(test, 2)) as [Person, Person];
    const { body } = await ada.post('/reports', { user_id: eve.id, reason: 'spam' });
    const key = await Host.of(test, ['admin']);
    const decide = (action: string) => key.post(`/admin/reports/${body.id}/resolve`, { action, reason: 'x' });
    expectError(await decide('delete'), 422, 'VALIDATION_ERROR', { errors: { action: expect.any(String) } });
    expect((await decide('ban')).body).toMatchObject({ claimed_by: { type: 'key', id: key.keyId }, action: 'ban' });
    expectError(await eve.get('/user/me'), 401, 'NOT_AUTHORIZED', { reason: 'USER_SUSPENDED' });
  });

  it('restricts nobody in a private chat', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const { id } = await bob.send(await bob.openPrivate(ada), 'Buy!');
    const { body } = await ada.post('/reports', { message_id: id, reason: 'spam' });
    const admin = await registerAdmin(test);
    const answer = await admin.post(`/admin/reports/${body.id}/resolve`, { action: 'restrict', reason: 'x' });
    expectError(answer, 400, 'NOT_A_GROUP');
  });
});

describe('who is erased', () => {
  it('leaves reports that are open, and neither text nor evidence after that', async () => {
    const { ada, bob, resolve, first } = await reported();
    const host = await Host.of(test, ['users:write']);
    expect((await host.delete(`/server/users/${ada.id}`)).status).toBe(200);
    expect((await host.delete(`/server/users/${bob.id}`)).status).toBe(200);
    const { body } = await resolve('escalate');
    expect(body).toMatchObject({ reporter: null, text: null, evidence: { versions: [{ contents: 'Buy!' }] } });
    expect((await resolve('dismiss')).body).toMatchObject({ id: first.id, evidence: null });
  });
});
