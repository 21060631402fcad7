import { describe, expect, it } from 'vitest';
import { NO_LIMITS } from '../support/app.js';
import { expectError, register, registerMany, type Answer, type Person } from '../support/client.js';
import { Socket, useServer } from '../support/socket.js';

function expectRefused(answer: Answer, atMostSeconds: number): void {
  expectError(answer, 429, 'TOO_MANY_REQUESTS');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(atMostSeconds);
}

describe('the limit of requests', () => {
  const test = useServer({ rateLimits: { ...NO_LIMITS, requests: 5 } });

  it('counts the requests of a user, and nobody else’s', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    for (let count = 0; count < 5; count++) expect((await ada.get('/user/me')).status).toBe(200);
    expectRefused(await ada.get('/user/me'), 60);
    expect((await bob.get('/user/me')).status).toBe(200);
  });

  it('counts frames as well', async () => {
    const ada = await register(test);
    const socket = await Socket.of(ada);
    const answers = [];
    for (let count = 0; count < 8; count++) answers.push(await socket.ask({ type: 'sync', epoch: null, chats: {} }));
    expect(answers.some(({ status_code }) => status_code === 429)).toBe(true);
    expectRefused(await ada.get('/user/me'), 60);
  });

  it('answers late who goes on asking', async () => {
    const ada = await register(test);
    const asked = Array.from({ length: 40 }, async () => {
      const begin = performance.now();
      const { status } = await ada.get('/user/me');
      return { status, ms: performance.now() - begin };
    });
    const refused = (await Promise.all(asked)).filter(({ status }) => status === 429);
    expect(refused).toHaveLength(35);
    expect(refused.filter(({ ms }) => ms >= 490).length).toBeGreaterThanOrEqual(15);
  });
});

describe('the limit of sends', () => {
  const test = useServer({ rateLimits: { ...NO_LIMITS, sends: 3 } });

  it('counts those by request and by frame together', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openPrivate(bob);
    const socket = await Socket.of(ada);
    const send = (contents: string) => socket.ask({ type: 'send', chat_id: chatId, contents, client_id: contents });
    await ada.send(chatId, 'one');
    await ada.send(chatId, 'two');
    expect((await send('three')).status_code).toBeUndefined();
    expect(await send('four')).toMatchObject({ status_code: 429, details: { code: 'TOO_MANY_REQUESTS' } });
    expectRefused(await ada.post(`/chat/${chatId}/message`, { contents: 'five' }), 60);
    expect((await bob.get(`/chat/${chatId}/messages`)).body.count).toBe(3);
    await bob.send(chatId, 'six');
  });
});

describe('the limits of chats and people', () => {
  const test = useServer({ rateLimits: { ...NO_LIMITS, chats: 2, people: 4 } });

  it('count what is opened, private chats and groups together', async () => {
    const [ada, bob, eve, grace] = (await registerMany(test, 4)) as [Person, Person, Person, Person];
    await ada.openPrivate(bob);
    await ada.openGroup([bob]);
    expectRefused(await ada.post('/chat/private/create', { with_user_id: eve.id }), 3600);
    expectRefused(await ada.post('/chat/group/create', { with_ids: [eve.id], name: 'x' }), 3600);
    await grace.openPrivate(eve);
  });

  it('count who is added, with a group and later', async () => {
    const [ada, ...others] = (await registerMany(test, 6)) as [Person, ...Person[]];
    const chatId = await ada.openGroup(others.slice(0, 3));
    const add = (person: Person) => ada.post(`/chat/${chatId}/participants`, { user_ids: [person.id] });
    expect((await add(others[3]!)).status).toBe(200);
    expectRefused(await add(others[4]!), 3600);
    expect((await ada.get(`/chat/${chatId}`)).body.participant_count).toBe(5);
    // A user with nothing left is refused without reading the body.
    expectRefused(await ada.post(`/chat/${chatId}/participants`, { user_ids: 'nobody' }), 3600);
  });
});
