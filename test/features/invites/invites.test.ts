import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { expectError, register, registerMany, type Person } from '../../support/client.js';

const test = useApp();

async function group() {
  const [owner, ada, stranger] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await owner.openGroup([ada]);
  const url = `/chat/${chatId}`;
  const link = async (options: object = {}) => {
    const { status, body } = await owner.post(`${url}/invite-links`, options);
    expect(status).toBe(200);
    return body as { id: number; token: string };
  };
  return { owner, ada, stranger, chatId, url, link };
}

const join = (person: Person, token: string) => person.post('/invite/join', { token });
const preview = (person: Person, token: string) => person.post('/invite/preview', { token });

describe('an invite link', () => {
  it('shows its secret once, and the group to a user who has it', async () => {
    const { owner, stranger, url, link } = await group();
    await owner.patch(url, { description: 'All about engines' });
    const { id, token } = await link({ label: 'for the lecture', max_uses: 5 });
    expect(token).toMatch(/^[0-9A-Za-z]{24}$/);
    const { body } = await owner.get(`${url}/invite-links`);
    expect(body.links).toMatchObject([{ id, label: 'for the lecture', uses: 0, max_uses: 5, expires_at: null }]);
    expect(JSON.stringify(body)).not.toContain(token);
    expect((await preview(stranger, token)).body).toEqual({
      ...{ name: 'a group', description: 'All about engines', avatar_url: null, participant_count: 2 },
      ...{ needs_approval: false, has_asked: false, chat_id: null },
    });
    expect((await stranger.get(url)).status).toBe(404);
  });

  it('lets people in, each once', async () => {
    const { owner, stranger, chatId, url, link } = await group();
    await owner.post(`${url}/message`, { contents: 'of before' });
    const { token } = await link();
    const outcome = { outcome: 'joined', chat_id: chatId };
    const answers = await Promise.all(Array.from({ length: 4 }, () => join(stranger, token)));
    for (const { status, body } of answers) expect([status, body]).toEqual([200, outcome]);
    expect((await owner.get(`${url}/invite-links`)).body.links).toMatchObject([{ uses: 1 }]);
    const chat = (await stranger.get(url)).body;
    expect(chat).toMatchObject({ own_role: 'member', participant_count: 3, unread_count: 0, pts: 3 });
    expect((await preview(stranger, token)).body.chat_id).toBe(chatId);
    expect((await stranger.post(`${url}/message`, { contents: 'hello' })).status).toBe(200);
  });

  it('is used up: of those who want the last use at once, one gets it', async () => {
    const { chatId, owner, url, link } = await group();
    const { token } = await link({ max_uses: 2 });
    const people = await registerMany(test, 5);
    const answers = await Promise.all(people.map((person) => join(person, token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    for (const answer of answers) if (answer.status !== 200) expectError(answer, 404, 'INVITE_NOT_VALID');
    expect((await owner.get(url)).body).toMatchObject({ id: chatId, participant_count: 4 });
  });

  it('ends when it is taken back, or its time is over', async () => {
    const { owner, stranger, url, link } = await group();
    const { id, token } = await link();
    const late = await link({ expires_at: '2020-01-01T00:00:00Z' });
    expect((await owner.delete(`${url}/invite-links/${id}`)).status).toBe(200);
    expectError(await owner.delete(`${url}/invite-links/${id}`), 404, 'INVITE_DOES_NOT_EXIST');
    for (const each of [token, late.token, 'x'.repeat(24)]) {
      expectError(await preview(stranger, each), 404, 'INVITE_NOT_VALID');
      expectError(await join(stranger, each), 404, 'INVITE_NOT_VALID');
    }
    expect((await owner.get(url)).body.participant_count).toBe(2);
  });

  it('of another group is none of this one', async () => {
    const [{ owner, url }, other] = [await group(), await group()];
    const { id } = await other.link();
    expectError(await owner.delete(`${url}/invite-links/${id}`), 404, 'INVITE_DOES_NOT_EXIST');
  });

  it('does not lead around teams', async () => {
    const { owner, link } = await group();
    const { token } = await link();
    const apart = await register(test);
    await test.db.user.update({ where: { id: BigInt(apart.id) }, data: { teams: ['apart'] } });
    expectError(await join(apart, token), 404, 'INVITE_NOT_VALID');
    expect(owner.id).not.toBe(apart.id);
  });

  it('is one of a hundred at most', async () => {
    const { owner, chatId, url } = await group();
    await test.db.inviteLink.createMany({
      data: Array.from({ length: 100 }, (_, n) => ({
        ...{ chat_id: BigInt(chatId), creator_id: BigInt(owner.id) },
        token_hash: Buffer.from(`${chatId}-${n}`.padEnd(32, '.')),
      })),
    });
    expectError(await owner.post(`${url}/invite-links`, {}), 409, 'TOO_MANY_INVITES');
  });

  it.each([{ max_uses: 0 }, { max_uses: '5' }, { expires_at: 'soon' }, { label: '' }, { color: 'red' }])(
    'is not made of %j',
    async (options) => {
      const { owner, url } = await group();
      expect((await owner.post(`${url}/invite-links`, options)).status).toBe(422);
    },
  );
});

describe('a request to join', () => {
  it('waits for somebody who may let people in, and uses the link once', async () => {
    const { owner, ada, stranger, url, link, chatId } = await group();
    const { token } = await link({ needs_approval: true, max_uses: 1 });
    const asked = { outcome: 'asked', chat_id: null };
    for (let n = 0; n < 2; n++) expect((await join(stranger, token)).body).toEqual(asked);
    expect((await preview(stranger, token)).body.has_asked).toBe(true);
    expectError(await join(await register(test), token), 404, 'INVITE_NOT_VALID');
    expectError(await stranger.get(url), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await ada.put(`${url}/join-requests/${stranger.id}`), 403, 'RIGHT_MISSING');
    expect((await owner.get(`${url}/join-requests`)).body).toMatchObject({ count: 1, users: [stranger.shown] });
    expect((await owner.put(`${url}/join-requests/${stranger.id}`)).status).toBe(200);
    expectError(await owner.put(`${url}/join-requests/${stranger.id}`), 404, 'NO_JOIN_REQUEST');
    expect((await stranger.get(url)).body).toMatchObject({ id: chatId, own_role: 'member' });
    expect((await owner.get(`${url}/join-requests`)).body).toMatchObject({ count: 0, users: [] });
  });

  it('is refused without a word', async () => {
    const { owner, stranger, url, link } = await group();
    const { token } = await link({ needs_approval: true });
    await join(stranger, token);
    expect((await owner.delete(`${url}/join-requests/${stranger.id}`)).status).toBe(200);
    expectError(await owner.delete(`${url}/join-requests/${stranger.id}`), 404, 'NO_JOIN_REQUEST');
    expect((await preview(stranger, token)).body.has_asked).toBe(false);
    expect((await owner.get(url)).body.pts).toBe(1);
  });

  it('adds one who asked and was added nothing more', async () => {
    const { owner, stranger, url, link } = await group();
    const { token } = await link({ needs_approval: true });
    await join(stranger, token);
    await owner.post(`${url}/participants`, { user_ids: [stranger.id] });
    expect((await owner.put(`${url}/join-requests/${stranger.id}`)).status).toBe(200);
    expect((await owner.get(url)).body).toMatchObject({ participant_count: 3, pts: 2 });
  });
});
