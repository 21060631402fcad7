import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, registerMany, type Answer, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

async function group() {
  const [owner, ada, bob, eve] = (await registerMany(test, 4)) as [Person, Person, Person, Person];
  const chatId = await owner.openGroup([ada, bob, eve]);
  const url = `/chat/${chatId}`;
  const give = (giver: Person, { id }: Person, role: string): Promise<Answer> =>
    giver.patch(`${url}/participants/${id}`, { role });
  const roleOf = async (person: Person) => (await person.get(url)).body.own_role;
  return { owner, ada, bob, eve, chatId, url, give, roleOf };
}

const sync = async (person: Person, chatId: number, pts: number, me_pts: number) =>
  (await person.post('/sync', { epoch: await epochOf(person), chats: { [chatId]: pts }, me_pts })).body;

const epochOf = async (person: Person) => (await person.post('/sync', { epoch: null, chats: {} })).body.epoch;

describe('PATCH /chat/{chat_id}/participants/{user_id}', () => {
  it('is a change of the chat for all, and one of the own log for the user whom it is about', async () => {
    const { owner, ada, bob, chatId, give } = await group();
    expect(await give(owner, ada, 'moderator')).toMatchObject({ status: 200, body: { success: true } });
    const data = { roles: [{ user_id: ada.id, role: 'moderator' }], actor_id: owner.id };
    const change = { type: 'participant.updated', pts: 2, data };
    expect(await sync(bob, chatId, 1, 0)).toMatchObject({ chats: [{ changes: [change] }], me: { changes: [] } });
    const { me } = await sync(ada, chatId, 1, 0);
    expect(me.changes).toMatchObject([{ type: 'chat.settings', data: { chat_id: chatId, own_role: 'moderator' } }]);
    expect(me.changes[0].data.own_rights).toContain('delete_any');
  });

  it('changes nothing with the role that is there', async () => {
    const { owner, ada, url, give } = await group();
    await give(owner, ada, 'admin');
    expect((await give(owner, ada, 'admin')).status).toBe(200);
    expect((await ada.get(url)).body.pts).toBe(2);
  });

  it('reaches only down', async () => {
    const { owner, ada, bob, eve, give } = await group();
    await give(owner, ada, 'admin');
    await give(owner, bob, 'admin');
    expectError(await give(ada, bob, 'member'), 403, 'RANK_TOO_LOW');
    expectError(await give(ada, owner, 'member'), 403, 'RANK_TOO_LOW');
    expectError(await give(ada, eve, 'admin'), 403, 'RANK_TOO_LOW');
    expectError(await give(ada, eve, 'owner'), 403, 'RIGHT_MISSING');
    expect((await give(ada, eve, 'moderator')).status).toBe(200);
    expectError(await give(eve, ada, 'reader'), 403, 'RIGHT_MISSING');
  });

  it('lets everybody step down, and nobody up', async () => {
    const { owner, ada, roleOf, give } = await group();
    await give(owner, ada, 'admin');
    expect((await give(ada, ada, 'moderator')).status).toBe(200);
    expectError(await give(ada, ada, 'admin'), 403, 'RIGHT_MISSING');
    expectError(await give(ada, ada, 'owner'), 403, 'RIGHT_MISSING');
    expectError(await give(owner, owner, 'admin'), 403, 'RIGHT_MISSING');
    expect(await roleOf(ada)).toBe('moderator');
  });

  it('tells nobody who is not there', async () => {
    const { owner, ada, give } = await group();
    const [outsider] = (await registerMany(test, 1)) as [Person];
    expectError(await give(owner, outsider, 'admin'), 404, 'PARTICIPANT_DOES_NOT_EXIST');
    expectError(await give(outsider, ada, 'admin'), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it.each([['king'], [null], [5], [['admin']]])('refuses %j for a role', async (role) => {
    const { owner, ada, url } = await group();
    const answer = await owner.patch(`${url}/participants/${ada.id}`, { role });
    expectError(answer, 422, 'VALIDATION_ERROR', { errors: { role: expect.any(String) } });
  });

  it('hands over a group in one change', async () => {
    const { owner, ada, chatId, give, roleOf } = await group();
    expect((await give(owner, ada, 'owner')).status).toBe(200);
    expect(await Promise.all([owner, ada].map(roleOf))).toEqual(['admin', 'owner']);
    expectError(await give(owner, ada, 'member'), 403, 'RANK_TOO_LOW');
    const { chats } = await sync(owner, chatId, 1, 0);
    const roles = [
      { user_id: owner.id, role: 'admin' },
      { user_id: ada.id, role: 'owner' },
    ];
    expect(chats[0].changes).toMatchObject([{ pts: 2, data: { roles } }]);
  });

  it('makes one owner of a group that is handed over twice at once', async () => {
    const { owner, ada, bob, give, roleOf } = await group();
    const answers = await Promise.all([give(owner, ada, 'owner'), give(owner, bob, 'owner')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect((await Promise.all([owner, ada, bob].map(roleOf))).sort()).toEqual(['admin', 'member', 'owner']);
  });
});

describe('when the owner leaves', () => {
  it('somebody of the highest role inherits, and is told so', async () => {
    const { owner, ada, bob, chatId, url, give } = await group();
    await give(owner, bob, 'moderator');
    await owner.delete(`${url}/participants/${owner.id}`);
    const { chats, me } = await sync(bob, chatId, 2, 1);
    expect(chats[0]).toMatchObject({ own_role: 'owner', changes: [{ data: { user_id: owner.id, owner_id: bob.id } }] });
    expect(me.changes).toMatchObject([{ data: { own_role: 'owner' } }]);
    expect((await ada.get(url)).body.own_role).toBe('member');
  });

  it('because the host application removes them, too', async () => {
    const { owner, ada, chatId, url } = await group();
    const host = await Host.of(test);
    await host.post(`/server/chats/${chatId}/members/remove`, { members: [String(owner.id)] });
    expect((await ada.get(url)).body.own_role).toBe('owner');
  });
});

describe('who is removed', () => {
  it('is of a lower role', async () => {
    const { owner, ada, bob, eve, url, give } = await group();
    await give(owner, ada, 'moderator');
    await give(owner, bob, 'moderator');
    const remove = (actor: Person, { id }: Person) => actor.delete(`${url}/participants/${id}`);
    expectError(await remove(ada, bob), 403, 'RANK_TOO_LOW');
    expectError(await remove(ada, owner), 403, 'RANK_TOO_LOW');
    expect((await remove(ada, eve)).status).toBe(200);
    // A role does not outlive that one leaves.
    await remove(bob, bob);
    await owner.post(`${url}/participants`, { user_ids: [bob.id] });
    expect((await bob.get(url)).body.own_role).toBe('member');
  });
});
