import { beforeAll, describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, registerMany, uniqueName, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

const RULES = {
  ...{ description: 'All about engines', member_rights: ['send'], slow_mode_seconds: 30 },
  ...{ disappear_after_seconds: 3600, no_forward: true, history_from_now: true, public: true },
};
const WANTED = { ...RULES, frozen: true };
const SHOWN = { ...RULES, frozen_at: expect.any(String) };

let host: Host;
let people: Person[];
beforeAll(async () => {
  host = await Host.of(test, ['chats:read', 'chats:write']);
  people = await registerMany(test, 4);
});

/** The owner, ada and bob are in it. */
async function group() {
  const [owner, ada, bob, eve] = people as [Person, Person, Person, Person];
  const path = `/server/chats/key:${uniqueName()}`;
  const wanted = { owner: String(owner.id), members: [ada, bob].map(({ id }) => String(id)) };
  const { chat } = (await host.put(path, wanted)).body;
  const rolesOf = async () => {
    const { body } = await host.get(`${path}/members`);
    return body.participants.map(({ id, role }: { id: number; role: string }) => [id, role]);
  };
  const give = (person: Person, body: object) => host.put(`${path}/members/${person.id}`, body);
  return { owner, ada, bob, eve, path, chatId: Number(chat.id), url: `/chat/${chat.id}`, rolesOf, give };
}

const auditOf = (chatId: number) =>
  test.db.auditLog.findMany({
    where: { details: { path: ['chat_id'], equals: chatId }, NOT: { action: 'chat.created' } },
    orderBy: { id: 'asc' },
  });

describe('the rules of a group', () => {
  it('are what the host application says, at opening and later, once', async () => {
    const { owner, path, chatId, url } = await group();
    const { body } = await host.put(path, WANTED);
    expect(body).toMatchObject({ outcome: 'updated', chat: { ...SHOWN, pts: 2 } });
    expect((await owner.get(url)).body).toMatchObject(SHOWN);
    expect((await host.put(path, WANTED)).body).toEqual({ outcome: 'unchanged', chat: body.chat });
    const [entry, ...more] = await auditOf(chatId);
    expect(entry).toMatchObject({ action: 'chat.rules_changed', actor_type: 'key', actor_id: BigInt(host.keyId) });
    expect((entry!.details as { rules: string[] }).rules.sort()).toEqual(Object.keys(WANTED).sort());
    expect(more).toEqual([]);
    const other = `/server/chats/key:${uniqueName()}`;
    const opened = await host.put(other, { ...WANTED, members: [String(owner.id)] });
    expect(opened.body).toMatchObject({ outcome: 'created', chat: SHOWN });
    expect((await host.put(other, { ...WANTED, frozen: false })).body.chat.frozen_at).toBeNull();
  });

  it('hold for its people at once', async () => {
    const { ada, eve, path, url } = await group();
    await host.put(path, { frozen: true, public: true });
    expectError(await ada.post(`${url}/message`, { contents: 'x' }), 403, 'CHAT_FROZEN');
    expect((await eve.post(`${url}/join`, undefined)).status).toBe(200);
  });

  it('are none of a private chat, but the time after which messages disappear', async () => {
    const members = people.slice(0, 2).map(({ id }) => String(id));
    const path = `/server/chats/key:${uniqueName()}`;
    const wanted = { type: 'private', members };
    expectError(await host.put(path, { ...wanted, frozen: true }), 400, 'NOT_A_GROUP');
    const { body } = await host.put(path, { ...wanted, disappear_after_seconds: 60 });
    expect(body.chat).toMatchObject({ type: 'private', disappear_after_seconds: 60, public: false });
    for (const rule of [{ public: true }, { description: 'x' }, { member_rights: [] }])
      expectError(await host.put(path, rule), 400, 'NOT_A_GROUP');
    expectError(await host.put(`${path}/members/${members[0]}`, { role: 'admin' }), 400, 'NOT_A_GROUP');
  });

  it('are those that people may set', async () => {
    const { path } = await group();
    for (const rule of [{ slow_mode_seconds: 21_601 }, { disappear_after_seconds: 3 }, { member_rights: ['moderate'] }])
      expect((await host.put(path, rule)).status).toBe(422);
    const other = await Host.of(await test.another({ publicGroups: false }));
    expectError(await other.put(path, { public: true }), 403, 'PUBLIC_GROUPS_OFF');
    expectError(await other.post('/server/chats', { public: true, members: ['1'] }), 403, 'PUBLIC_GROUPS_OFF');
  });
});

describe('a member', () => {
  it('gets a role, and the same again is nothing', async () => {
    const { owner, ada, bob, chatId, url, rolesOf, give } = await group();
    const answer = { outcome: 'updated', member: { ...ada.shown, role: 'moderator' } };
    expect((await give(ada, { role: 'moderator' })).body).toEqual(answer);
    for (const body of [{ role: 'moderator' }, {}])
      expect((await give(ada, body)).body).toEqual({ ...answer, outcome: 'unchanged' });
    expect(await rolesOf()).toEqual([
      [owner.id, 'owner'],
      [ada.id, 'moderator'],
      [bob.id, 'member'],
    ]);
    expect((await ada.get(url)).body).toMatchObject({ own_role: 'moderator', pts: 2 });
    expect(await auditOf(chatId)).toMatchObject([
      {
        ...{ action: 'chat.member_role_given', actor_type: 'key', actor_id: BigInt(host.keyId) },
        ...{ user_id: BigInt(ada.id), details: { chat_id: chatId, role: 'moderator' } },
      },
    ]);
  });

  it('becomes the owner, and who it was an admin; of two at once one is it', async () => {
    const { owner, ada, bob, rolesOf, give } = await group();
    const answers = await Promise.all([ada, bob].map((person) => give(person, { role: 'owner' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const roles = new Map<number, string>(await rolesOf());
    expect(roles.get(owner.id)).toBe('admin');
    expect([ada, bob].map(({ id }) => roles.get(id)).sort()).toEqual(['admin', 'owner']);
    await give(owner, { role: 'owner' });
    expect((await give(owner, { role: 'member' })).body.member.role).toBe('member');
    expect((await rolesOf()).map(([, role]: [number, string]) => role)).not.toContain('owner');
  });

  it('comes into the group by their role, unless they are banned', async () => {
    const { owner, eve, path, chatId, url, give } = await group();
    await owner.send(chatId, 'of before');
    const { body } = await give(eve, { role: 'admin', history_from: 'now' });
    expect(body).toEqual({ outcome: 'created', member: { ...eve.shown, role: 'admin' } });
    expect((await eve.get(`${url}/messages`)).body.count).toBe(0);
    await owner.put(`${url}/bans/${eve.id}`, { reason: 'spam' });
    expectError(await give(eve, { role: 'admin' }), 403, 'BANNED', { errors: expect.any(Object) });
    const errors = { errors: { members: 'There is no user ext:nobody.' } };
    expectError(await host.put(`${path}/members/ext:nobody`, {}), 400, 'USER_NOT_EXISTS', errors);
  });

  it('stays restricted when the host application repeats what they are', async () => {
    const { owner, ada, url, rolesOf, give } = await group();
    await owner.put(`${url}/participants/${ada.id}/restriction`, { reason: 'too loud' });
    expect((await give(ada, { role: 'member' })).body).toMatchObject({
      outcome: 'unchanged',
      member: { role: 'reader' },
    });
    await give(ada, { role: 'moderator' });
    expect(await rolesOf()).toContainEqual([ada.id, 'moderator']);
  });

  it('is one of a page', async () => {
    const { owner, ada, bob, path } = await group();
    const seen: number[] = [];
    let cursor = '';
    for (let n = 0; n < 3; n++) {
      const { body } = await host.get(`${path}/members?limit=1${cursor}`);
      expect(body.has_more).toBe(n < 2);
      seen.push(body.participants[0].id);
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual([owner.id, ada.id, bob.id]);
  });
});

it('refuses a key that only reads', async () => {
  const { path } = await group();
  const reader = await Host.of(test, ['chats:read']);
  expect((await reader.put(`${path}/members/${people[1]!.id}`, { role: 'owner' })).status).toBe(403);
});
