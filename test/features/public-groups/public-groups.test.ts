import { beforeAll, describe, expect, it } from 'vitest';
import { randomLetters } from '../../../src/shared/random-letters.js';
import { useApp } from '../../support/app.js';
import { Person, expectError, registerMany, type Answer, type TestTarget } from '../../support/client.js';

const test = useApp();

let people: Person[];
beforeAll(async () => {
  people = await registerMany(test, 8);
});

/** A group that is found by a word of its own. */
async function publicGroup(change: object = {}) {
  const [owner, ada, stranger] = people as [Person, Person, Person];
  const word = randomLetters(12).toLowerCase();
  const chatId = await owner.openGroup([ada], `Größe of ${word}`);
  const url = `/chat/${chatId}`;
  expect((await owner.patch(url, { public: true, ...change })).body.public).toBe(true);
  return { owner, ada, stranger, chatId, url, word };
}

const find = (person: Person, q: string, more = '') => person.get(`/chats/public?q=${encodeURIComponent(q)}${more}`);
const idsOf = ({ status, body }: Answer): number[] => {
  expect(status).toBe(200);
  return body.groups.map(({ chat_id }: { chat_id: number }) => chat_id);
};
const join = (person: Person, url: string) => person.post(`${url}/join`, undefined);

describe('a public group', () => {
  it('is shown to everyone, without who is in it or what is written there', async () => {
    const { owner, stranger, chatId, url, word } = await publicGroup({ description: 'All about engines' });
    await owner.patch(url, { custom: { secret: 1 } });
    const { body } = await find(stranger, word);
    const shown = { chat_id: chatId, name: `Größe of ${word}`, description: 'All about engines', avatar_url: null };
    expect(body).toEqual({
      ...{ next: String(chatId), has_more: false, count: 1 },
      groups: [{ ...shown, participant_count: 2, is_member: false }],
    });
    expect((await find(owner, word)).body.groups).toMatchObject([{ is_member: true }]);
    for (const path of ['', '/messages', '/participants'])
      expectError(await stranger.get(`${url}${path}`), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('is found by beginnings of all words, in any order, case and with or without accents', async () => {
    const { owner, stranger, chatId, url, word } = await publicGroup({ description: 'The Ångström unit, explained' });
    for (const q of [word, `${word} grö`, `GROSS ${word.slice(0, -1)}`, `unit ${word}`, `angstrom, ${word}!`])
      expect([q, idsOf(await find(stranger, q))]).toEqual([q, [chatId]]);
    for (const q of [`${word} nothing`, `${word}x`, `nit ${word}`, `% ${word} _`.replace(word, `${word}y`)])
      expect([q, idsOf(await find(stranger, q))]).toEqual([q, []]);
    await owner.patch(url, { description: null });
    expect(idsOf(await find(stranger, `unit ${word}`))).toEqual([]);
  });

  it('lets people in: once, if they ask at once, like a link', async () => {
    const { owner, stranger, chatId, url, word } = await publicGroup();
    await owner.send(chatId, 'of before');
    const answers = await Promise.all(Array.from({ length: 4 }, () => join(stranger, url)));
    for (const { status, body } of answers)
      expect([status, body]).toEqual([200, { outcome: 'joined', chat_id: chatId }]);
    const chat = (await stranger.get(url)).body;
    expect(chat).toMatchObject({ own_role: 'member', participant_count: 3, unread_count: 0, pts: 4, public: true });
    const { epoch } = (await owner.post('/sync', { epoch: null, chats: {} })).body;
    const { chats } = (await owner.post('/sync', { epoch, chats: { [chatId]: 3 } })).body;
    expect(chats[0].changes).toMatchObject([
      { type: 'participant.added', pts: 4, data: { users: [stranger.shown], actor_id: stranger.id } },
    ]);
    expect((await find(stranger, word)).body.groups).toMatchObject([{ participant_count: 3, is_member: true }]);
  });

  it('shows newcomers nothing of before, where it says so, and takes away that they have asked', async () => {
    const { owner, stranger, chatId, url } = await publicGroup({ history_from_now: true });
    const { body } = await owner.post(`${url}/invite-links`, { needs_approval: true });
    await stranger.post('/invite/join', { token: body.token });
    await owner.send(chatId, 'of before');
    expect((await join(stranger, url)).status).toBe(200);
    expect((await stranger.get(`${url}/messages`)).body.count).toBe(0);
    expect((await owner.get(`${url}/join-requests`)).body.users).toEqual([]);
  });

  it('refuses who is banned, and lets a restricted one only read', async () => {
    const { owner, ada, stranger, url } = await publicGroup();
    await owner.put(`${url}/bans/${stranger.id}`, { reason: 'spam' });
    expectError(await join(stranger, url), 403, 'BANNED');
    await owner.put(`${url}/participants/${ada.id}/restriction`, { reason: 'too loud' });
    await ada.delete(`${url}/participants/${ada.id}`);
    expect((await join(ada, url)).status).toBe(200);
    expect((await ada.get(url)).body.own_role).toBe('reader');
  });

  it('is made by the right set_rights, and is no private chat', async () => {
    const [owner, ada] = people as [Person, Person];
    const chatId = await owner.openGroup([ada]);
    expectError(await ada.patch(`/chat/${chatId}`, { public: true }), 403, 'RIGHT_MISSING');
    const pair = await owner.openPrivate(ada);
    expectError(await owner.patch(`/chat/${pair}`, { public: true }), 400, 'NOT_A_GROUP');
    expect((await owner.patch(`/chat/${chatId}`, { public: 'yes' })).status).toBe(422);
  });

  it('is not to be told from none when it is not public, or empty', async () => {
    const { owner, ada, stranger, url, word } = await publicGroup();
    await owner.patch(url, { public: false });
    expect(idsOf(await find(stranger, word))).toEqual([]);
    for (const each of [url, '/chat/999999999']) expectError(await join(stranger, each), 404, 'CHAT_DOES_NOT_EXIST');
    // Who is banned there learns nothing either, and who takes part does.
    await owner.put(`${url}/bans/${stranger.id}`, { reason: 'spam' });
    expectError(await join(stranger, url), 404, 'CHAT_DOES_NOT_EXIST');
    expect((await join(ada, url)).body.outcome).toBe('joined');
    await owner.patch(url, { public: true });
    for (const person of [ada, owner]) await person.delete(`${url}/participants/${person.id}`);
    expect(idsOf(await find(ada, word))).toEqual([]);
    expectError(await join(ada, url), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('lets nobody in after it is not public any more', async () => {
    const { owner, url } = await publicGroup();
    const others = people.slice(2);
    const [{ body: closed }, ...answers] = await Promise.all([
      owner.patch(url, { public: false }),
      ...others.map((person) => join(person, url)),
    ]);
    const joined = answers.filter(({ status }) => status === 200);
    expect((await owner.get(url)).body).toMatchObject({ pts: closed.pts, participant_count: 2 + joined.length });
    for (const answer of answers) if (answer.status !== 200) expectError(answer, 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('keeps teams apart by its owner', async () => {
    const { owner, url, word } = await publicGroup();
    const [stranger, other] = people.slice(6) as [Person, Person];
    const ids = [stranger, other].map(({ id }) => BigInt(id));
    await test.db.user.updateMany({ where: { id: { in: ids } }, data: { teams: ['apart'] } });
    expect(idsOf(await find(stranger, word))).toEqual([]);
    expectError(await join(stranger, url), 404, 'CHAT_DOES_NOT_EXIST');
    const within = `/chat/${await stranger.openGroup([other], `${word} within`)}`;
    await stranger.patch(within, { public: true });
    expectError(await join(owner, within), 404, 'CHAT_DOES_NOT_EXIST');
    expect(idsOf(await find(stranger, word))).toHaveLength(1);
  });

  it('is on one page, whatever the groups are called meanwhile', async () => {
    const { owner, stranger, chatId, word } = await publicGroup();
    const ids = [chatId];
    for (let n = 0; n < 3; n++) {
      const id = await owner.openGroup([stranger], `${word} ${n}`);
      await owner.patch(`/chat/${id}`, { public: true });
      ids.unshift(id);
    }
    const seen: number[] = [];
    let next: string | undefined;
    for (let n = 0; n < 4; n++) {
      const page = await find(stranger, word, `&limit=1${next === undefined ? '' : `&cursor=${next}`}`);
      seen.push(...idsOf(page));
      expect(page.body.has_more).toBe(n < 3);
      next = page.body.next;
      await owner.patch(`/chat/${ids[(n + 1) % 4]}`, { name: `${n} renamed ${word}` });
    }
    expect(seen).toEqual(ids);
    expect((await find(stranger, word, `&cursor=${next}`)).body).toMatchObject({ next: null, count: 0, groups: [] });
    expect((await stranger.get('/chats/public?limit=1')).body.groups).toHaveLength(1);
  });
});

describe('without PUBLIC_GROUPS', () => {
  let off: TestTarget;
  beforeAll(async () => {
    off = await test.another({ publicGroups: false });
  });

  it('no group is public, and none is found or joined', async () => {
    const { owner, chatId } = await publicGroup();
    const eve = new Person(off, people[3]!.id, '', '', people[3]!.token);
    expectError(await eve.get('/chats/public'), 403, 'PUBLIC_GROUPS_OFF');
    for (const id of [chatId, 999_999_999])
      expectError(await eve.post(`/chat/${id}/join`, undefined), 403, 'PUBLIC_GROUPS_OFF');
    const group = `/chat/${await eve.openGroup([owner])}`;
    expectError(await eve.patch(group, { public: true }), 403, 'PUBLIC_GROUPS_OFF');
    expect((await eve.patch(group, { public: false })).body.public).toBe(false);
  });
});
