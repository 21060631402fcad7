import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { successor } from '../../../src/features/sessions/sessions.service.js';
import { PASSWORD, call, expectError, register, uniqueName, Person, type Answer } from '../../support/client.js';
import { EventReader } from '../../support/event-reader.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_at: string;
}

const logIn = async ({ username }: Person, more: object = { session: true }): Promise<Tokens> => {
  const { status, body } = await call(test, 'POST', '/login', {
    body: { usernameOrEmail: username, password: PASSWORD, ...more },
  });
  expect(status).toBe(200);
  return body as Tokens;
};
const refresh = (refresh_token: string) => call(test, 'POST', '/token/refresh', { body: { refresh_token } });
const me = (token: string) => call(test, 'GET', '/user/me', { token });
const isRevoked = (answer: Answer) => {
  expectError(answer, 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
};
const sessionsOf = async (token: string) => (await call(test, 'GET', '/user/sessions', { token })).body.sessions;

describe('a session', () => {
  it('begins for clients that ask for one, at registering and at logging in', async () => {
    const username = uniqueName();
    const account = { username, email: `${username}@example.com`, password: PASSWORD };
    const registered = await call(test, 'POST', '/register', { body: { ...account, device: 'laptop' } });
    expect(registered.body).toEqual({
      ...{ access_token: expect.any(String), token_type: 'bearer' },
      ...{ refresh_token: expect.stringMatching(/^mr_\d+_1_[\w-]{43}$/), expires_at: expect.any(String) },
    });
    const left = Date.parse(registered.body.expires_at) - Date.now();
    expect(left).toBeGreaterThan(890_000);
    expect(left).toBeLessThanOrEqual(900_000);
    const again = await call(test, 'POST', '/login', { body: { usernameOrEmail: username, password: PASSWORD } });
    expect(again.body).toEqual({ access_token: expect.any(String), token_type: 'bearer' });
    expect(await sessionsOf(registered.body.access_token)).toEqual([
      {
        ...{ id: expect.any(Number), device: 'laptop', address: '127.0.0.1', is_current: true },
        ...{ created_at: expect.any(String), last_seen_at: expect.any(String) },
      },
    ]);
  });

  it('goes on with each refresh token, which is another each time', async () => {
    const ada = await register(test);
    let { refresh_token } = await logIn(ada);
    const seen = new Set([refresh_token]);
    for (let round = 0; round < 5; round++) {
      const { status, body } = await refresh(refresh_token);
      expect(status).toBe(200);
      expect((await me(body.access_token)).body.id).toBe(ada.id);
      ({ refresh_token } = body);
      seen.add(refresh_token);
    }
    expect(seen.size).toBe(6);
  });

  it('survives an answer that got lost, however often the request is repeated', async () => {
    const { refresh_token } = await logIn(await register(test));
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    const [next, ...others] = new Set(answers.map(({ body }) => body.refresh_token as string));
    expect(others).toEqual([]);
    expect((await refresh(next!)).status).toBe(200);
  });

  it('ends when a refresh token comes again after the next one was used', async () => {
    const { refresh_token: first } = await logIn(await register(test));
    const { refresh_token: second } = (await refresh(first)).body;
    const { refresh_token: third, access_token } = (await refresh(second)).body;
    isRevoked(await refresh(first));
    isRevoked(await refresh(third));
    isRevoked(await me(access_token));
  });

  it('ends within one rotation when a thief and the victim use the same refresh token', async () => {
    const { refresh_token } = await logIn(await register(test));
    const [thief, victim] = await Promise.all([refresh(refresh_token), refresh(refresh_token)]);
    const race = await Promise.all([refresh(thief.body.refresh_token), refresh(victim.body.refresh_token)]);
    expect(race.map(({ status }) => status).sort()).toEqual([200, 401]);
    const winner = race.find(({ status }) => status === 200)!.body;
    isRevoked(race.find(({ status }) => status === 401)!);
    isRevoked(await refresh(winner.refresh_token));
    for (const { access_token } of [thief.body, victim.body, winner]) isRevoked(await me(access_token));
  });

  it('is nobody else’s: made-up and foreign refresh tokens are refused, and end nothing', async () => {
    const [ada, eve] = [await logIn(await register(test)), await logIn(await register(test))];
    const [, id] = ada.refresh_token.split('_');
    const [, , , proof] = eve.refresh_token.split('_');
    const forged = [
      `mr_${id}_1_${proof}`,
      `mr_${id}_2_${proof}`,
      `mr_2000000000_1_${proof}`,
      'mr_1_1_x',
      'x',
      ada.access_token,
    ];
    for (const token of forged) {
      expectError(await refresh(token), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_INVALID' });
    }
    expect((await refresh(ada.refresh_token)).status).toBe(200);
  });

  it('ends when it is not refreshed for a month', async () => {
    const { refresh_token } = await logIn(await register(test));
    const id = BigInt(refresh_token.split('_')[1]!);
    await test.db.session.update({ where: { id }, data: { expires_at: new Date() } });
    expectError(await refresh(refresh_token), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_EXPIRED' });
  });
});

describe('successor', () => {
  it('never lets two who share a token go on for more than one rotation', () => {
    const who = fc.array(fc.boolean(), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(who, (turns) => {
        let state = { counter: 1, is_repeated: false, was_repeated: false };
        const has = { thief: 1, victim: 1 };
        const used = { thief: 0, victim: 0 };
        for (const isThief of turns) {
          const name = isThief ? 'thief' : 'victim';
          const next = successor(state, has[name]);
          if (!next) return;
          state = next;
          has[name] = next.counter;
          used[name]++;
          expect(Math.min(used.thief, used.victim)).toBeLessThan(3);
        }
      }),
    );
  });
});

describe('POST /logout', () => {
  it('ends the session at once: requests, its sockets and streams, and nothing else', async () => {
    const ada = await register(test);
    const [one, other] = [await logIn(ada), await logIn(ada)];
    const [ended, open] = await Promise.all(
      [one, other].map(({ access_token }) => Socket.open(test, { token: access_token })),
    );
    await Promise.all([ended!.take('ready'), open!.take('ready')]);
    const stream = await EventReader.open(new Person(test, ada.id, ada.username, ada.email, one.access_token));
    expect((await call(test, 'POST', '/logout', { token: one.access_token })).body).toEqual({ success: true });
    isRevoked(await me(one.access_token));
    isRevoked(await refresh(one.refresh_token));
    expect((await ended!.closed).code).toBe(4411);
    await stream.ended();
    expect((await me(other.access_token)).status).toBe(200);
    expect(await open!.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  });

  it('is of sessions alone', async () => {
    const ada = await register(test);
    expectError(await ada.post('/logout', undefined), 400, 'NO_SESSION');
    expect((await ada.get('/user/me')).status).toBe(200);
  });
});

describe('DELETE /user/sessions', () => {
  it('ends another session of the user, and no one else’s', async () => {
    const [ada, eve] = [await register(test), await register(test)];
    const [mine, other] = [await logIn(ada, { device: 'phone' }), await logIn(ada, { device: 'laptop' })];
    const [laptop] = (await sessionsOf(mine.access_token)).filter(
      ({ device }: { device: string }) => device === 'laptop',
    );
    expectError(await eve.delete(`/user/sessions/${laptop.id}`), 404, 'SESSION_NOT_FOUND');
    const end = () => call(test, 'DELETE', `/user/sessions/${laptop.id}`, { token: mine.access_token });
    expect((await end()).status).toBe(200);
    expectError(await end(), 404, 'SESSION_NOT_FOUND');
    isRevoked(await me(other.access_token));
    expect((await sessionsOf(mine.access_token)).map(({ device }: { device: string }) => device)).toEqual(['phone']);
  });

  it('ends everything but this session', async () => {
    const ada = await register(test);
    const [mine, other] = [await logIn(ada), await logIn(ada)];
    expect((await call(test, 'DELETE', '/user/sessions', { token: mine.access_token })).status).toBe(200);
    isRevoked(await me(other.access_token));
    isRevoked(await ada.get('/user/me'));
    expect((await me(mine.access_token)).status).toBe(200);
    const later = test.app.createAccessToken(ada.id);
    expect((await me(later)).status).toBe(200);
  });

  it('of a token without a session ends those that are older', async () => {
    const ada = await register(test);
    const session = await logIn(ada);
    // Tokens have no more than seconds.
    await sleep(1100);
    const newer = test.app.createAccessToken(ada.id);
    expect((await call(test, 'DELETE', '/user/sessions', { token: newer })).status).toBe(200);
    isRevoked(await ada.get('/user/me'));
    isRevoked(await me(session.access_token));
    expect((await me(newer)).status).toBe(200);
  });
});

describe('POST /user/password', () => {
  const change = (token: string, body: object) => call(test, 'POST', '/user/password', { token, body });
  const NEW = 'another battery staple';

  it('changes the password, and ends all else', async () => {
    const ada = await register(test);
    const [mine, other] = [await logIn(ada), await logIn(ada)];
    const { status, body } = await change(mine.access_token, { password: PASSWORD, new_password: NEW });
    expect(status).toBe(200);
    for (const token of [other.access_token, ada.token]) isRevoked(await me(token));
    for (const token of [mine.access_token, body.access_token]) expect((await me(token)).status).toBe(200);
    const login = (password: string) =>
      call(test, 'POST', '/login', { body: { usernameOrEmail: ada.username, password } });
    expectError(await login(PASSWORD), 400, 'WRONG_CREDENTIALS');
    const again = await login(NEW);
    expect((await me(again.body.access_token)).status).toBe(200);
  });

  it('gives a client without a session its next token', async () => {
    const ada = await register(test);
    const { body } = await change(ada.token, { password: PASSWORD, new_password: NEW });
    isRevoked(await ada.get('/user/me'));
    expect((await me(body.access_token)).status).toBe(200);
  });

  it('is only for who knows the password, and takes no guessable one', async () => {
    const ada = await register(test);
    expectError(await change(ada.token, { password: 'wrong', new_password: NEW }), 400, 'WRONG_CREDENTIALS');
    for (const new_password of ['password', ada.username, 'short'])
      expectError(await change(ada.token, { password: PASSWORD, new_password }), 422, 'VALIDATION_ERROR', {
        errors: { new_password: expect.any(String) },
      });
    const host = await Host.of(test);
    const { user } = (await host.put(`/server/users/ext:${uniqueName()}`, {})).body;
    const token = test.app.createAccessToken(user.id);
    expectError(await change(token, { password: '', new_password: NEW }), 400, 'WRONG_CREDENTIALS');
    expect((await ada.get('/user/me')).status).toBe(200);
  });
});

describe('the server of the host application', () => {
  it('ends the tokens and sessions of a user', async () => {
    const [host, ada, bob] = [await Host.of(test), await register(test), await register(test)];
    const session = await logIn(ada);
    const socket = await Socket.of(ada);
    expect((await host.post(`/server/users/${ada.id}/revoke`, {})).body).toEqual({ success: true });
    isRevoked(await ada.get('/user/me'));
    isRevoked(await me(session.access_token));
    isRevoked(await refresh(session.refresh_token));
    expect((await socket.closed).code).toBe(4411);
    expect((await bob.get('/user/me')).status).toBe(200);
    const later = test.app.createAccessToken(ada.id);
    expect((await me(later)).status).toBe(200);
  });

  it('ends those alone that are older than a time, which is past', async () => {
    const [host, ada] = [await Host.of(test), await register(test)];
    const before = (ms: number) => ({ before: new Date(Date.now() + ms).toISOString() });
    expect((await host.post(`/server/users/${ada.id}/revoke`, before(-60_000))).status).toBe(200);
    expect((await ada.get('/user/me')).status).toBe(200);
    const errors = { errors: { before: expect.any(String) } };
    for (const path of [`/server/users/${ada.id}/revoke`, '/server/revoke'])
      for (const body of [before(60_000), { before: '0000-01-01T00:00:00Z' }])
        expectError(await host.post(path, body), 422, 'VALIDATION_ERROR', errors);
  });
});

describe('another node', () => {
  it('hears of it by itself, without a broker', async () => {
    const ada = await register(test);
    const session = await logIn(ada);
    const other = await test.another({});
    const ask = (token: string) => call(other, 'GET', '/user/me', { token });
    expect((await ask(session.access_token)).status).toBe(200);
    await call(test, 'POST', '/logout', { token: session.access_token });
    await expect.poll(async () => (await ask(session.access_token)).status, { timeout: 5000 }).toBe(401);
    const endOlder = async () => {
      await call(test, 'DELETE', '/user/sessions', { token: test.app.createAccessToken(ada.id) });
      return (await ask(ada.token)).status;
    };
    // Tokens of the same second are equally old.
    await expect.poll(endOlder, { timeout: 5000 }).toBe(401);
  });
});

describe('a token that is not accepted', () => {
  it('says why', async () => {
    const ada = await register(test);
    const expired = test.app.createAccessToken(ada.id, { ttlSeconds: -10 });
    expectError(await me(expired), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_EXPIRED' });
    expectError(await me('x'), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_INVALID' });
    expectError(await call(test, 'GET', '/user/me'), 401, 'NOT_AUTHORIZED', { reason: undefined });
  });
});
