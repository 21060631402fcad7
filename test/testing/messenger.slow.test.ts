import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import WebSocket from 'ws';
import { startMessenger, type Messenger, type TestUser } from '../../src/testing/index.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let messenger: Messenger;
let other: Messenger;

beforeAll(async () => {
  [messenger, other] = await Promise.all([
    startMessenger({ ACCESS_TOKEN_TTL: 3600, RATE_LIMIT_SENDS: 2 }),
    startMessenger(),
  ]);
});
afterAll(() => Promise.all([messenger.stop(), other.stop()]));

let lastName = 0;
const newUser = () => messenger.user(`user_${++lastName}`);

interface Frame {
  readonly type: string;
  readonly ref?: string;
}

/** A socket of the user, ready, and what comes over it. */
async function connect({ token }: TestUser) {
  const socket = new WebSocket(`${messenger.url.replace('http', 'ws')}/ws`, 'messenger.v1', {
    headers: { authorization: `Bearer ${token}` },
  });
  onTestFinished(() => {
    socket.terminate();
  });
  const frames: Frame[] = [];
  socket.on('message', (text: Buffer) => frames.push(JSON.parse(text.toString()) as Frame));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').then(([code]) => code as number);
  const types = () => frames.map(({ type }) => type);
  await expect.poll(types).toContain('ready');
  return {
    types,
    closed,
    send: (frame: object) => {
      socket.send(JSON.stringify(frame));
    },
    answerTo: (ref: string) => frames.find((frame) => frame.ref === ref),
    end: () => {
      socket.close();
    },
  };
}

async function chatOf(one: TestUser, two: TestUser): Promise<string> {
  const { status, body } = await one.request('POST', '/chat/private/create', { with_user_id: two.id });
  expect(status).toBe(200);
  return `/chat/${body.id}`;
}

describe('users and hosts', () => {
  it('registers a user the first time, and finds the same one later', async () => {
    const ada = await messenger.user('ada');
    const again = await messenger.user('Ada');
    expect(again).toMatchObject({ id: ada.id, username: 'ada', email: 'ada@example.com' });
    expect((await again.request('GET', '/user/me')).body).toMatchObject({ id: ada.id, username: 'ada' });
    const [one, two] = await Promise.all([messenger.user('at_once'), messenger.user('at_once')]);
    expect(one.id).toBe(two.id);
  });

  it('lets a user log in by the password', async () => {
    const { username, password } = await newUser();
    const login = (tried: string) =>
      messenger.request('POST', '/login', { usernameOrEmail: username, password: tried });
    expect((await login(password)).status).toBe(200);
    expect((await login(`${password}!`)).status).toBe(400);
  });

  it('refuses a name that no user can have, and one that the test has registered', async () => {
    await expect(messenger.user('a b')).rejects.toThrow('The username "a b" must');
    const registration = { username: 'own', email: 'own@example.org', password: 'a long password' };
    expect((await messenger.request('POST', '/register', registration)).status).toBe(200);
    await expect(messenger.user('own')).rejects.toThrow('The test has registered own itself.');
  });

  it('gives hosts a key for what they may do', async () => {
    const host = await messenger.apiKey(['users:write']);
    const put = await host.request('PUT', '/server/users/ext:1815', { name: 'Ada' });
    expect(put).toMatchObject({ status: 200, body: { outcome: 'created' } });
    expect((await host.request('GET', '/server/users/ext:1815')).status).toBe(403);
    await expect(messenger.apiKey(['everything'])).rejects.toThrow('There is no scope everything.');
    await expect(messenger.apiKey([])).rejects.toThrow('An API key needs a scope.');
  });

  it('keeps two messengers apart', async () => {
    const mine = await messenger.user('somebody');
    const theirs = await other.user('somebody');
    expect((await theirs.request('GET', '/user/me')).status).toBe(200);
    expect((await other.request('GET', '/user/me', undefined, { authorization: `Bearer ${mine.token}` })).status).toBe(
      401,
    );
  });
});

describe('settings', () => {
  it('counts those that are given', async () => {
    const [ada, bob] = await Promise.all([newUser(), newUser()]);
    const chat = await chatOf(ada, bob);
    const send = async () => (await ada.request('POST', `${chat}/message`, { contents: 'Hello!' })).status;
    expect([await send(), await send(), await send()]).toEqual([200, 200, 429]);
    await messenger.clock.advance(MINUTE_MS);
    expect(await send()).toBe(200);
  });

  it('refuses those of the kit before it starts anything', async () => {
    await expect(startMessenger({ DATABASE_URL: 'postgresql://localhost' })).rejects.toThrow(
      'The test kit decides DATABASE_URL itself.',
    );
  });
});

describe('the network', () => {
  it('breaks what is open when it is cut, and what is new', async () => {
    const ada = await newUser();
    const socket = await connect(ada);
    messenger.network.cut();
    expect(await socket.closed).toBe(1006);
    await expect(ada.request('GET', '/user/me')).rejects.toThrow();
    messenger.network.restore();
    expect((await ada.request('GET', '/user/me')).status).toBe(200);
  });

  it('lets nothing arrive while it is stalled, and all of it afterwards', async () => {
    const [ada, bob] = await Promise.all([newUser(), newUser()]);
    const chat = await chatOf(ada, bob);
    const socket = await connect(bob);
    messenger.network.stall();
    let isAnswered = false;
    const sent = ada.request('POST', `${chat}/message`, { contents: 'Hello!' }).finally(() => (isAnswered = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isAnswered).toBe(false);
    expect(socket.types()).not.toContain('message.created');
    messenger.network.restore();
    expect((await sent).status).toBe(200);
    await expect.poll(socket.types).toContain('message.created');
  });

  it('delays each direction when it is slow', async () => {
    const ada = await newUser();
    messenger.network.slow({ latency_ms: 60 });
    const begin = performance.now();
    expect((await ada.request('GET', '/user/me')).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThan(115);
    messenger.network.slow({ bytes_per_second: 5000 });
    const { body } = await ada.request('GET', '/user/me');
    expect(body).toMatchObject({ id: ada.id });
    messenger.network.restore();
    expect(() => {
      messenger.network.slow({ latency_ms: -1 });
    }).toThrow(RangeError);
    expect(() => {
      messenger.network.slow({ bytes_per_second: 0 });
    }).toThrow(RangeError);
  });
});

describe('the clock', () => {
  it('ends a token, and the socket that was opened with it', async () => {
    const ada = await newUser();
    const socket = await connect(ada);
    await messenger.clock.advance(59 * MINUTE_MS);
    expect((await ada.request('GET', '/user/me')).status).toBe(200);
    await messenger.clock.advance(2 * MINUTE_MS);
    expect((await ada.request('GET', '/user/me')).body).toMatchObject({ details: { reason: 'TOKEN_EXPIRED' } });
    expect(await socket.closed).toBe(4410);
    const again = await messenger.user(ada.username);
    expect((await again.request('GET', '/user/me')).status).toBe(200);
  });

  it('leaves a socket open whose token is good: no time has passed on the wire', async () => {
    const ada = await newUser();
    const socket = await connect(ada);
    for (let round = 0; round < 5; round++) await messenger.clock.advance(10 * MINUTE_MS);
    const open = await Promise.race([socket.closed, new Promise((resolve) => setTimeout(resolve, 50, 'open'))]);
    expect(open).toBe('open');
  });

  it('moves the database with the server, and no other messenger, nor the test', async () => {
    const before = Date.now();
    await messenger.clock.advance(400 * DAY_MS);
    const { body } = await (await newUser()).request('GET', '/user/me');
    const ahead = new Date(body.created_at as string).getTime() - messenger.clock.now();
    expect(Math.abs(ahead)).toBeLessThan(MINUTE_MS);
    // What a statement says is the time is that of PostgreSQL.
    const [ada, bob] = await Promise.all([newUser(), newUser()]);
    const sent = await ada.request('POST', `${await chatOf(ada, bob)}/message`, { contents: 'Hello!' });
    expect(Math.abs(new Date(sent.body.created_at as string).getTime() - messenger.clock.now())).toBeLessThan(
      MINUTE_MS,
    );
    expect(Date.now() - before).toBeLessThan(MINUTE_MS);
    expect(other.clock.now() - before).toBeLessThan(MINUTE_MS);
    const theirs = await (await other.user('in_time')).request('GET', '/user/me');
    expect(new Date(theirs.body.created_at as string).getTime() - before).toBeLessThan(MINUTE_MS);
  });

  it('refreshes a session as long as it lasts', async () => {
    const { username, password } = await newUser();
    const login = { usernameOrEmail: username, password, session: true };
    const { body: first } = await messenger.request('POST', '/login', login);
    await messenger.clock.advance(16 * MINUTE_MS);
    const authorization = `Bearer ${first.access_token}`;
    expect((await messenger.request('GET', '/user/me', undefined, { authorization })).status).toBe(401);
    const refresh = (refresh_token: string) => messenger.request('POST', '/token/refresh', { refresh_token });
    const next = await refresh(first.refresh_token);
    expect(next.status).toBe(200);
    await messenger.clock.advance(400 * DAY_MS);
    expect((await refresh(next.body.refresh_token)).status).toBe(401);
  });

  it('does at once what is due', async () => {
    const [ada, bob] = await Promise.all([newUser(), newUser()]);
    await chatOf(ada, bob);
    const [watching, leaving] = await Promise.all([connect(ada), connect(bob)]);
    watching.send({ type: 'presence.subscribe', user_ids: [bob.id], ref: 'watch' });
    await expect.poll(() => watching.answerTo('watch')).toBeDefined();
    leaving.end();
    await leaving.closed;
    // Who comes back within five seconds has not been away.
    await expect
      .poll(
        async () => {
          await messenger.clock.advance(6000);
          return watching.types();
        },
        { timeout: 2000 },
      )
      .toContain('presence');
  });

  it('goes forward by whole numbers of ms', async () => {
    for (const ms of [-1, 0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER])
      await expect(messenger.clock.advance(ms)).rejects.toThrow(RangeError);
  });

  it('is not stopped by the fakes of a test', async () => {
    vi.useFakeTimers({ now: 0 });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const ada = await newUser();
    messenger.network.slow({ latency_ms: 5 });
    expect((await ada.request('GET', '/user/me')).status).toBe(200);
    messenger.network.restore();
    expect(messenger.clock.now()).toBeGreaterThan(DAY_MS);
  });
});

describe('mails', () => {
  it('brings the code, once', async () => {
    const { email, request } = await newUser();
    expect((await request('POST', '/user/email/confirmation')).status).toBe(200);
    const mail = await messenger.mails.next({ to: email });
    expect(messenger.mails.all).toContainEqual(mail);
    expect((await messenger.request('POST', '/email/confirm', { token: mail.code })).status).toBe(200);
    await expect(messenger.mails.next({ to: email, timeout_ms: 20 })).rejects.toThrow('No such mail within 20 ms.');
  });

  it('brings a code that is too late after a time', async () => {
    const { email, request } = await newUser();
    await request('POST', '/user/email/confirmation');
    const { code } = await messenger.mails.next({ to: email, subject: /confirm/i });
    await messenger.clock.advance(30 * DAY_MS);
    const late = await messenger.request('POST', '/email/confirm', { token: code });
    expect(late.body).toMatchObject({ details: { code: 'INVALID_CODE' } });
  });
});
