import { describe, expect, it } from 'vitest';
import { expectError, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const QUESTION = { question: 'When?', options: ['at six', 'at seven', 'at eight'] };

async function group(more: object = {}) {
  const all = (await registerMany(test, 4)) as [Person, Person, Person, Person];
  const [ada, bob, cyd, eve] = all;
  const chatId = await ada.openGroup([bob, cyd]);
  const { status, body } = await ask(ada, chatId, more);
  expect(status).toBe(200);
  return { ada, bob, cyd, eve, chatId, id: body.id as number, sent: body };
}

const ask = (person: Person, chatId: number, more: object = {}, send: object = {}) =>
  person.post(`/chat/${chatId}/message`, { contents: 'When?', poll: { ...QUESTION, ...more }, ...send });
const vote = (person: Person, id: number, ...option_ids: number[]) =>
  person.put(`/message/${id}/poll/votes`, { option_ids });
const close = (person: Person, id: number) => person.post(`/message/${id}/poll/close`, undefined);
const pollOf = async (person: Person, chatId: number, id: number) => {
  const { messages } = (await person.get(`/chat/${chatId}/messages`)).body;
  return messages.find((message: { id: number }) => message.id === id).poll;
};
const votesOf = ({ options }: { options: { votes?: number }[] }) => options.map(({ votes }) => votes);
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('a poll', () => {
  it('is counted and shown to all, and own votes to the user alone', async () => {
    const { ada, bob, cyd, chatId, id, sent } = await group();
    expect(sent.poll).toEqual({
      ...{ question: 'When?', max_votes: 1, anonymous: false, may_add_options: false, results: 'always' },
      ...{ voter_count: 0, options: QUESTION.options.map((text, at) => ({ id: at + 1, text, votes: 0, voters: [] })) },
    });
    const [adas, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    const { status, body } = await vote(bob, id, 2);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, option_ids: [2], poll: { voter_count: 1 } });
    expect(await adas.take('message.updated')).toMatchObject({ data: { id, poll: body.poll, version: body.version } });
    expect(await bobs.take('vote.updated')).toMatchObject({ data: { id, chat_id: chatId, option_ids: [2] } });
    await vote(ada, id, 2);
    expect(await pollOf(cyd, chatId, id)).toMatchObject({
      voter_count: 2,
      options: [{ votes: 0 }, { votes: 2, voters: [bob.id, ada.id] }, { votes: 0 }],
    });
    const moved = (await vote(bob, id, 3)).body.poll;
    expect(moved.options[1]).toMatchObject({ votes: 1, voters: [ada.id] });
    expect(moved.options[2]).toMatchObject({ votes: 1, voters: [bob.id] });
    expect((await cyd.get(`/message/${id}/poll`)).body).toMatchObject({ option_ids: [], poll: moved });
    const voters = (await cyd.get(`/message/${id}/poll/options/3/voters`)).body;
    expect(voters).toMatchObject({ has_more: false, count: 1, voters: [{ user: { id: bob.id } }] });
    const { me } = (await bob.post('/sync', { epoch: null, chats: {}, me_pts: 0 })).body;
    expect(me.changes).toContainEqual({
      type: 'vote.updated',
      me_pts: expect.any(Number),
      data: { id, chat_id: chatId, option_ids: [3] },
    });
    expect((await vote(bob, id)).body.poll.voter_count).toBe(1);
    const events = await adas.rest();
    expect(events.filter(({ type }) => type === 'vote.updated').length).toBe(1);
  });

  it('takes no number for a vote that is there already, and one for many at once', async () => {
    const { ada, bob, cyd, chatId, id } = await group();
    const { version } = (await vote(bob, id, 1)).body;
    expect((await vote(bob, id, 1)).body.version).toBe(version);
    const answers = await Promise.all([vote(ada, id, 1), vote(cyd, id, 2), vote(ada, id, 1)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(votesOf(await pollOf(bob, chatId, id))).toEqual([2, 1, 0]);
    expect((await bob.get(`/chat/${chatId}`)).body.pts).toBeLessThanOrEqual((version as number) + 2);
  });

  it('takes votes for several polls at once, each with a number of its own', async () => {
    const { ada, bob, chatId, id } = await group();
    const other = (await ask(ada, chatId)).body.id as number;
    const voting = [ada, bob].flatMap((person) => [vote(person, id, 2), vote(person, other, 3)]);
    expect((await Promise.all(voting)).map(({ status, body }) => [status, body.option_ids])).toEqual([
      ...[
        [200, [2]],
        [200, [3]],
        [200, [2]],
        [200, [3]],
      ],
    ]);
    expect(votesOf(await pollOf(bob, chatId, id))).toEqual([0, 2, 0]);
    expect(votesOf(await pollOf(bob, chatId, other))).toEqual([0, 0, 2]);
    for (const person of [ada, bob]) {
      const { me } = (await person.post('/sync', { epoch: null, chats: {}, me_pts: 0 })).body;
      const votes = me.changes.filter(({ type }: { type: string }) => type === 'vote.updated');
      expect(votes.map(({ data }: { data: object }) => data)).toEqual(
        expect.arrayContaining([expect.objectContaining({ id }), expect.objectContaining({ id: other })]),
      );
      expect(new Set(votes.map(({ me_pts }: { me_pts: number }) => me_pts)).size).toBe(2);
    }
  });

  it('takes as many votes as it says, of options that it has', async () => {
    const { bob, id } = await group({ max_votes: 2 });
    const invalid = [[1, 2, 3], [4], [1, 1], [0]];
    for (const ids of invalid)
      expectError(await vote(bob, id, ...ids), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
    expect((await vote(bob, id, 3, 1)).body).toMatchObject({ option_ids: [1, 3], poll: { voter_count: 1 } });
  });

  it('is refused where it is not as it should be', async () => {
    const { bob, chatId } = await group();
    const wrong = [
      { options: ['one'] },
      { options: ['same', 'same'] },
      { options: ['a', ' '] },
      { options: Array.from({ length: 21 }, (_, n) => `${n}`) },
      { question: '' },
      { question: 'x'.repeat(301) },
      { max_votes: 4 },
      { results: 'never' },
      { closes_at: '2001-01-01T00:00:00Z' },
      { closes_at: 'soon' },
    ];
    for (const more of wrong)
      expectError(await ask(bob, chatId, more), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
  });

  it('is sent once under its client_id, also when it has closed meanwhile', async () => {
    const { ada, chatId } = await group();
    const again = () => ask(ada, chatId, { closes_at: new Date(Date.now() + 300).toISOString() }, { client_id: 'one' });
    const first = (await again()).body;
    const past = await ask(ada, chatId, { closes_at: '2001-01-01T00:00:00Z' }, { client_id: 'one' });
    expect(past.body).toMatchObject({ id: first.id, deduplicated: true });
  });

  it('of the application is not closed from the start either, unless it is a repeat', async () => {
    const { chatId } = await group();
    const host = await Host.of(test);
    const askAsApp = (closes_at: string) => {
      const poll = { question: 'When?', options: ['at six', 'at seven'], closes_at };
      return host.post(`/server/chats/${chatId}/message`, { contents: 'asks', poll, client_id: `of ${chatId}` });
    };
    expectError(await askAsApp('2001-01-01T00:00:00Z'), 422, 'VALIDATION_ERROR', {
      errors: { 'poll.closes_at': expect.stringMatching(/^must be after 20/) },
    });
    const { status, body } = await askAsApp(inAnHour());
    expect(status).toBe(200);
    expect((await askAsApp('2001-01-01T00:00:00Z')).body).toMatchObject({ id: body.id, deduplicated: true });
  });

  it('is for those who may ask, and for those who see it', async () => {
    const { ada, bob, eve, chatId, id } = await group();
    await ada.patch(`/chat/${chatId}`, { member_rights: ['send'] });
    expectError(await ask(bob, chatId), 403, 'RIGHT_MISSING');
    expect((await bob.post(`/chat/${chatId}/message`, { contents: 'plain' })).status).toBe(200);
    expect((await vote(bob, id, 1)).status).toBe(200);
    const none = [vote(eve, id, 1), close(eve, id), eve.get(`/message/${id}/poll`)];
    for (const answer of none) expectError(await answer, 404, 'MESSAGE_DOES_NOT_EXIST');
    const plain = (await ada.send(chatId, 'no poll')).id;
    expectError(await vote(bob, plain, 1), 404, 'POLL_DOES_NOT_EXIST');
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    expectError(await vote(bob, id, 2), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect(votesOf(await pollOf(ada, chatId, id))).toEqual([1, 0, 0]);
    await ada.delete(`/message/${id}`);
    expectError(await vote(ada, id, 2), 404, 'MESSAGE_DOES_NOT_EXIST');
    expect(await test.db.pollVote.count({ where: { message_id: id } })).toBe(0);
  });

  it('is not changed by an edit', async () => {
    const { ada, chatId, id } = await group();
    expect((await ada.patch(`/message/${id}`, { contents: 'x', poll: QUESTION })).status).toBe(422);
    const { body } = await ada.patch(`/message/${id}`, { contents: 'edited' });
    expect(body.poll).toEqual(await pollOf(ada, chatId, id));
  });

  it('takes more options where it says so', async () => {
    const { ada, bob, id } = await group({ may_add_options: true, max_votes: 5 });
    const add = (text: string) => bob.post(`/message/${id}/poll/options`, { text });
    const { body } = await add('at nine');
    expect(body.poll.options[3]).toEqual({ id: 4, text: 'at nine', votes: 0, voters: [] });
    expect((await add('at nine')).body).toEqual(body);
    expect((await vote(ada, id, 1, 4)).body.option_ids).toEqual([1, 4]);
    for (let n = 5; n <= 20; n++) await add(`at ${n}:30`);
    expectError(await add('too late'), 409, 'TOO_MANY_OPTIONS');
    const fixed = await group();
    const answer = await fixed.bob.post(`/message/${fixed.id}/poll/options`, { text: 'x' });
    expectError(answer, 403, 'OPTIONS_FIXED');
  });

  it('is closed by its author and by moderators, once', async () => {
    const { ada, bob, cyd, chatId } = await group();
    const { id } = (await ask(bob, chatId)).body;
    await vote(cyd, id, 1);
    expectError(await close(cyd, id), 403, 'NOT_THE_OWNER');
    const { body } = await close(bob, id);
    expect(body.poll.closed_at).toEqual(expect.any(String));
    expect((await close(ada, id)).body).toEqual(body);
    expectError(await vote(cyd, id, 2), 409, 'POLL_CLOSED');
    expect((await vote(cyd, id, 1)).status).toBe(200);
  });

  it('closes when its time has come, and takes no votes from then on', async () => {
    const { bob, chatId, id } = await group({ closes_at: inAnHour() });
    const bobs = await Socket.of(bob);
    await test.db.$executeRaw`
      update public.message set poll = jsonb_set(poll, '{closes_at}', '"2020-01-01T00:00:00.000Z"') where id = ${id}`;
    expectError(await vote(bob, id, 1), 409, 'POLL_CLOSED');
    await test.db.$executeRaw`update public.poll_end set due_at = now() where message_id = ${id}`;
    expect((await bobs.take('message.updated')).data.poll.closed_at).toEqual(expect.any(String));
    expect(await test.db.pollEnd.count({ where: { chat_id: chatId } })).toBe(0);
  });
});

describe('results', () => {
  it.each(['after_vote', 'after_close'])(
    '%s are in no event, page or sync of who may not see them',
    async (results) => {
      const { ada, bob, cyd, chatId, id, sent } = await group({ results });
      expect(JSON.stringify(sent)).not.toMatch(/"votes"|voters|voter_count/);
      const [bobs, others] = [await Socket.of(bob), await Socket.of(cyd)];
      await ada.put(`/message/${id}/reactions/:x:`);
      const { body } = await vote(bob, id, 2);
      await vote(ada, id, 1);
      const seesResults = results === 'after_vote';
      expect(JSON.stringify(body).includes('voter_count')).toBe(seesResults);
      expect(body.option_ids).toEqual([2]);
      const { epoch } = (await cyd.post('/sync', { epoch: null, chats: {} })).body;
      const { chats } = (await cyd.post('/sync', { epoch, chats: { [chatId]: 1 } })).body;
      const seen = [
        await pollOf(cyd, chatId, id),
        ...[chats, (await cyd.get('/user/chats')).body, (await cyd.get(`/message/${id}`)).body],
        (await cyd.get(`/message/${id}/poll`)).body,
        ...(await bobs.rest()),
        ...(await others.rest()),
      ];
      expect(JSON.stringify(seen)).not.toMatch(/"votes"|voters|voter_count/);
      expectError(await cyd.get(`/message/${id}/poll/options/1/voters`), 403, 'VOTERS_HIDDEN');
      const ofBob = await pollOf(bob, chatId, id);
      expect(votesOf(ofBob)).toEqual(seesResults ? [1, 1, 0] : [undefined, undefined, undefined]);
      await close(ada, id);
      expect(votesOf((await others.take('message.updated')).data.poll)).toEqual([1, 1, 0]);
      expect(votesOf(await pollOf(cyd, chatId, id))).toEqual([1, 1, 0]);
    },
  );

  it('after_close: a vote takes no number, and nobody is told that there was one', async () => {
    const { bob, chatId, id, sent } = await group({ results: 'after_close' });
    expect((await vote(bob, id, 1)).body.version).toBe(sent.version);
    expect((await bob.get(`/chat/${chatId}`)).body.pts).toBe(sent.version);
  });

  it('of an anonymous poll name nobody', async () => {
    const { ada, bob, chatId, id } = await group({ anonymous: true });
    const adas = await Socket.of(ada);
    await vote(bob, id, 2);
    const event = await adas.take('message.updated');
    expect(votesOf(event.data.poll)).toEqual([0, 1, 0]);
    const seen = [event, await pollOf(ada, chatId, id), (await ada.get(`/message/${id}/poll`)).body];
    expect(JSON.stringify(seen)).not.toContain('voters');
    for (const person of [ada, bob])
      expectError(await person.get(`/message/${id}/poll/options/2/voters`), 403, 'VOTERS_HIDDEN');
  });

  it('name the first ten, and page through the others', async () => {
    const people = await registerMany(test, 13);
    const [ada] = people as [Person];
    const chatId = await ada.openGroup(people.slice(1));
    const { id } = (await ask(ada, chatId)).body;
    await Promise.all(people.map((person) => vote(person, id, 1)));
    const rows = await test.db.pollVote.findMany({ where: { message_id: id }, orderBy: { id: 'asc' } });
    const ids = rows.map((row) => Number(row.user_id));
    const { options } = await pollOf(ada, chatId, id);
    expect(options[0]).toMatchObject({ votes: 13, voters: ids.slice(0, 10) });
    await vote(
      people.find((person) => person.id === ids[0])!,
      id,
      2,
    );
    expect((await pollOf(ada, chatId, id)).options[0].voters).toEqual(ids.slice(1, 11));
    const page = (await ada.get(`/message/${id}/poll/options/1/voters?limit=10`)).body;
    expect(page).toMatchObject({ has_more: true, count: 10 });
    const next = (await ada.get(`/message/${id}/poll/options/1/voters?cursor=${page.next}`)).body;
    expect(next.voters.map(({ user }: { user: { id: number } }) => user.id)).toEqual(ids.slice(11));
  });
});

it('the host application asks as well', async () => {
  const { ada, bob, chatId } = await group();
  const host = await Host.of(test);
  const { status, body } = await host.post(`/server/chats/${chatId}/message`, { contents: 'When?', poll: QUESTION });
  expect([status, body.poll?.options.length]).toEqual([200, 3]);
  for (const person of [ada, bob]) expect((await vote(person, body.id, 1)).status).toBe(200);
  expect(votesOf((await host.get(`/server/messages/${body.id}`)).body.poll ?? { options: [] })).toEqual([2, 0, 0]);
});
