// A scheduled message is sent with all that a message can be sent with.
import { expect, it } from 'vitest';
import { done, expectError, registerMany, type Person } from '../../support/client.js';
import { letCome, schedule } from '../../support/scheduled.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

it('names whom it names, has its data, and is in its thread', async () => {
  const { ada, bob, eve, chatId } = await group();
  const { id: root } = await bob.send(chatId, 'what do you think?');
  const bobs = await Socket.of(bob);
  const inputs = { mentions: { user_ids: [bob.id, eve.id] }, custom: { color: 'red' }, thread_id: root };
  const scheduled = await done(schedule(ada, chatId, inputs));
  expect(scheduled).toMatchObject({ ...inputs, state: 'waiting' });
  expect((await ada.get('/user/scheduled')).body.scheduled).toEqual([scheduled]);
  const { changes } = (await done(ada.post('/sync', { epoch: null, chats: {}, me_pts: 0 }))).me;
  expect(changes.find(({ type }: { type: string }) => type === 'scheduled.updated').data).toEqual(scheduled);
  await letCome(test, scheduled.id);
  const { data } = await bobs.take('message.created');
  // Who is not in the chat is not named.
  expect(data).toMatchObject({ mentions: { user_ids: [bob.id] }, custom: { color: 'red' }, thread_id: root });
  expect((await bob.get('/user/badge')).body).toMatchObject({ mentions: 1 });
  await expect.poll(async () => (await ada.get('/user/scheduled')).body.scheduled).toEqual([]);
  // What is sent is kept as a message alone.
  const [row] = await test.db.$queryRaw<{ inputs: unknown }[]>`
    select inputs from public.scheduled_message where id = ${scheduled.id}`;
  expect(row).toEqual({ inputs: null });
});

it('may be a poll, which everybody votes in', async () => {
  const { ada, bob, chatId } = await group();
  const poll = { question: 'When?', options: ['at six', 'at seven'] };
  const scheduled = await done(schedule(ada, chatId, { poll }));
  expect(scheduled).toMatchObject({ poll });
  const { id } = await done(ada.post(`/scheduled/${scheduled.id}/send`, {}));
  const found = await done(bob.get(`/message/${id}`));
  expect(found.poll).toMatchObject({ question: 'When?', options: [{ text: 'at six' }, { text: 'at seven' }] });
});

it('gets other ones, keeps those that are not named, and loses what is null', async () => {
  const { ada, bob, chatId } = await group();
  const { id, ...first } = await done(schedule(ada, chatId, { mentions: { all: true }, custom: { a: 1, b: 2 } }));
  const change = (given: object) => done(ada.patch(`/scheduled/${id}`, given));
  expect(await change({ contents: 'much later' })).toEqual({ id, ...first, contents: 'much later' });
  const changed = await change({ custom: { c: 3 } });
  expect(changed).toMatchObject({ mentions: { all: true }, custom: { c: 3 } });
  expect(changed.custom).toEqual({ c: 3 });
  // Nothing is told of what changes nothing.
  const phone = await Socket.of(ada);
  expect(await change({ custom: { c: 3 } })).toEqual(changed);
  expect(await phone.rest()).toEqual([]);
  const without = await change({ mentions: null, custom: null, thread_id: null });
  for (const name of ['mentions', 'custom', 'thread_id', 'poll']) expect(without).not.toHaveProperty(name);
  const sent = await done(ada.post(`/scheduled/${id}/send`, {}));
  expect(sent).not.toHaveProperty('mentions');
  expect((await bob.get('/user/badge')).body).toMatchObject({ mentions: 0 });
});

it('is refused at once with what no send takes', async () => {
  const { ada, chatId } = await group();
  for (const given of [
    { custom: { text: 'x'.repeat(5000) } },
    { mentions: { user_ids: ['1'] } },
    { poll: { question: 'Which?', options: ['one alone'] } },
    { silent: true },
    { thread_id: 0 },
  ]) {
    const refused = await schedule(ada, chatId, given);
    expect(refused).toMatchObject({ status: 422, body: { details: { code: 'VALIDATION_ERROR' } } });
    expect(refused.body.details.errors, JSON.stringify(given)).toHaveProperty(Object.keys(given)[0] ?? '');
  }
  const { id } = await done(schedule(ada, chatId, {}));
  expect((await ada.patch(`/scheduled/${id}`, { custom: { text: 'x'.repeat(5000) } })).status).toBe(422);
  expect((await ada.get('/user/scheduled')).body.scheduled).toHaveLength(1);
});

it('closes after it is sent, if it is a poll', async () => {
  const { ada, chatId } = await group();
  const day = 86_400_000;
  const at = (days: number) => new Date(Date.now() + days * day).toISOString();
  const poll = (days: number) => ({ question: 'When?', options: ['at six', 'at seven'], closes_at: at(days) });
  const errors = { 'poll.closes_at': expect.stringMatching(/^must be after 20/) as string };
  const refused = { status: 422, body: { details: { errors } } };
  const minute = 1 / 1440;
  expect(await schedule(ada, chatId, { send_at: at(2), poll: poll(2 + minute / 2) })).toMatchObject(refused);
  expect(await schedule(ada, chatId, { send_at: at(2), poll: poll(1) })).toMatchObject(refused);
  const { id } = await done(schedule(ada, chatId, { send_at: at(2), poll: poll(3) }));
  expect(await ada.patch(`/scheduled/${id}`, { send_at: at(4) })).toMatchObject(refused);
  expect(await ada.patch(`/scheduled/${id}`, { poll: poll(1) })).toMatchObject(refused);
  expect(await ada.patch(`/scheduled/${id}`, { poll: poll(2 + minute / 2) })).toMatchObject(refused);
  expect(await done(ada.patch(`/scheduled/${id}`, { poll: poll(2 + minute * 2) }))).toMatchObject({ id });
  expect(await done(ada.patch(`/scheduled/${id}`, { send_at: at(4), poll: poll(5) }))).toMatchObject({
    state: 'waiting',
  });
});

it('has failed when its poll has closed before it could be sent', async () => {
  const { ada, chatId } = await group();
  const closes_at = new Date(Date.now() + 86_400_000).toISOString();
  const poll = { question: 'When?', options: ['at six', 'at seven'], closes_at };
  const { id } = await done(schedule(ada, chatId, { poll }));
  // As if no server had run for a day.
  await test.db.$executeRaw`
    update public.scheduled_message
    set inputs = jsonb_set(inputs, '{poll,closes_at}', to_jsonb(to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
    where id = ${id}`;
  await letCome(test, id);
  const failed = async () => (await ada.get('/user/scheduled')).body.scheduled[0];
  await expect.poll(failed).toMatchObject({ state: 'failed', reason: 'VALIDATION_ERROR' });
  const again = await ada.post(`/scheduled/${id}/send`, {});
  expect(again).toMatchObject({ status: 422, body: { details: { code: 'VALIDATION_ERROR' } } });
  // Its time has passed: a poll must be open now. What the change does not name is not looked at.
  const soon = { ...poll, closes_at: new Date(Date.now() + 1000).toISOString() };
  expect((await ada.patch(`/scheduled/${id}`, { poll: soon })).status).toBe(422);
  expect(await done(ada.patch(`/scheduled/${id}`, { contents: 'too late' }))).toMatchObject({ contents: 'too late' });
  await done(ada.patch(`/scheduled/${id}`, { poll }));
  await done(ada.post(`/scheduled/${id}/send`, {}));
});

it('is shown as it is kept, wherever it is read', async () => {
  const { ada, chatId } = await group();
  const custom = { color: 'red', size: null, box: { lid: null, side: [null, { edge: null }] } };
  const scheduled = await done(schedule(ada, chatId, { custom }));
  expect(scheduled.custom).toEqual({ color: 'red', box: { side: [null, {}] } });
  expect((await ada.get('/user/scheduled')).body.scheduled).toEqual([scheduled]);
  const { id } = await done(ada.post(`/scheduled/${scheduled.id}/send`, {}));
  expect((await ada.get(`/message/${id}`)).body.custom).toEqual(scheduled.custom);
});

it('has nothing of what is empty', async () => {
  const { ada, chatId } = await group();
  const { id, ...scheduled } = await done(schedule(ada, chatId, { custom: { size: null }, mentions: {} }));
  for (const name of ['custom', 'mentions']) expect(scheduled).not.toHaveProperty(name);
  const phone = await Socket.of(ada);
  expect(await done(ada.patch(`/scheduled/${id}`, { custom: {} }))).toEqual({ id, ...scheduled });
  expect(await phone.rest()).toEqual([]);
});

it('is refused when it could never be sent: in no thread, and under a taken name', async () => {
  const { ada, bob, chatId } = await group();
  const elsewhere = await ada.openGroup([bob]);
  const { id: foreign } = await bob.send(elsewhere, 'somewhere else');
  const { id: root } = await bob.send(chatId, 'what do you think?');
  const { id: reply } = await done(bob.post(`/chat/${chatId}/message`, { contents: 'this', thread_id: root }));
  const { id } = await done(schedule(ada, chatId, { thread_id: root }));
  for (const [thread_id, status, code] of [
    [foreign, 404, 'THREAD_DOES_NOT_EXIST'],
    [999_999_999, 404, 'THREAD_DOES_NOT_EXIST'],
    [reply, 404, 'THREAD_IN_THREAD'],
  ] as const) {
    for (const answer of [
      await schedule(ada, chatId, { thread_id }),
      await ada.patch(`/scheduled/${id}`, { thread_id }),
    ])
      expectError(answer, status, code);
  }
  await ada.post(`/chat/${chatId}/message`, { contents: 'now', client_id: 'mine' });
  expectError(await schedule(ada, chatId, { client_id: 'mine' }), 409, 'CLIENT_ID_TAKEN');
  expectError(await schedule(ada, elsewhere, { client_id: 'mine' }), 409, 'CLIENT_ID_TAKEN');
  expect((await ada.get('/user/scheduled')).body.scheduled).toMatchObject([{ id, thread_id: root }]);
  // The one that is asked for again is the one that there is, also when it was sent meanwhile.
  const once = await done(schedule(ada, chatId, { client_id: 'once' }));
  await done(ada.post(`/scheduled/${once.id}/send`, {}));
  expect(await done(schedule(ada, chatId, { client_id: 'once' }))).toMatchObject({ id: once.id, state: 'sent' });
});

it('names everybody only where its author may', async () => {
  const { bob, chatId } = await group();
  const mentions = { all: true };
  expectError(await schedule(bob, chatId, { mentions }), 403, 'RIGHT_MISSING');
  const { id } = await done(schedule(bob, chatId, {}));
  expectError(await bob.patch(`/scheduled/${id}`, { mentions }), 403, 'RIGHT_MISSING');
});

it('is no poll of who may not ask', async () => {
  const { ada, bob, chatId } = await group();
  await done(ada.patch(`/chat/${chatId}`, { member_rights: ['send'] }));
  const poll = { question: 'When?', options: ['at six', 'at seven'] };
  expectError(await schedule(bob, chatId, { poll }), 403, 'RIGHT_MISSING');
  const { id } = await done(schedule(bob, chatId, {}));
  expectError(await bob.patch(`/scheduled/${id}`, { poll }), 403, 'RIGHT_MISSING');
});

it('has failed for what it had failed for when slow mode refuses it', async () => {
  const { ada, bob, chatId } = await group();
  const { id } = await done(schedule(bob, chatId, {}));
  await done(ada.patch(`/chat/${chatId}`, { frozen: true }));
  await letCome(test, id);
  const failed = async () => (await bob.get('/user/scheduled')).body.scheduled[0];
  await expect.poll(failed).toMatchObject({ state: 'failed', reason: 'CHAT_FROZEN' });
  await done(ada.patch(`/chat/${chatId}`, { frozen: false, slow_mode_seconds: 60 }));
  await bob.send(chatId, 'first');
  expectError(await bob.post(`/scheduled/${id}/send`, {}), 429, 'SLOW_MODE', { retry_after_ms: expect.any(Number) });
  expect(await failed()).toMatchObject({ state: 'failed', reason: 'CHAT_FROZEN' });
});

it('says what is wrong with what it is to be sent with', async () => {
  const { ada, chatId } = await group();
  const { id } = await done(schedule(ada, chatId, {}));
  for (const [given, errors] of [
    [{ poll: { question: 'Which?' } }, { poll: "must have required property 'options'" }],
    [{ poll: 5 }, { poll: 'must be object' }],
    [{ mentions: { user_ids: ['1'] } }, { mentions: 'must be integer' }],
    [{ mentions: { everyone: true } }, { mentions: 'must NOT have additional properties' }],
  ] as const) {
    const { status, body } = await ada.patch(`/scheduled/${id}`, given);
    expect({ status, errors: body.details.errors }, JSON.stringify(given)).toEqual({ status: 422, errors });
  }
});

it('has failed when its thread is gone, and is cancelled without a trace of them', async () => {
  const { ada, bob, chatId } = await group();
  const { id: root } = await bob.send(chatId, 'soon gone');
  const { id } = await done(schedule(ada, chatId, { thread_id: root, custom: { secret: 1 } }));
  await done(bob.delete(`/message/${root}`));
  await letCome(test, id);
  const failed = async () => (await ada.get('/user/scheduled')).body.scheduled[0];
  await expect.poll(failed).toMatchObject({ state: 'failed', reason: 'THREAD_DOES_NOT_EXIST', thread_id: root });
  await done(ada.delete(`/scheduled/${id}`));
  const [row] = await test.db.$queryRaw<{ inputs: unknown }[]>`
    select inputs from public.scheduled_message where id = ${id}`;
  expect(row).toEqual({ inputs: null });
});
