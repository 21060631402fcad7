import { SignJWT, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppConfig } from '../../../src/app.js';
import { KeyServer } from '../../host-tokens/key-server.js';
import { call, expectError, register, uniqueName, type Person, type TestTarget } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const ISSUER = 'https://app.example.com';
const STRICT = 'https://strict.example.com';
const SECRET = 'a secret that is long enough for HS256';

const keys = new KeyServer();
let privateKey: CryptoKey;

// The keys are where they are before the server begins: its configuration names the address.
await keys.open();
const CONFIG: Partial<AppConfig> = {
  jwtIssuers: [
    {
      ...{ issuer: ISSUER, audience: ['messenger'], keys: { kind: 'url', url: keys.url }, algorithms: ['ES256'] },
      ...{
        claims: { externalId: 'sub', name: 'name', avatarUrl: 'picture', locale: 'locale', teams: 'teams' },
        firstSight: 'create',
      },
    },
    {
      ...{ issuer: STRICT, audience: ['messenger'], keys: { kind: 'secret', secret: SECRET }, algorithms: ['HS256'] },
      ...{ claims: { externalId: 'uid', name: 'name', avatarUrl: 'picture', locale: 'locale' }, firstSight: 'refuse' },
    },
  ],
};
const test = useServer(CONFIG);

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  ({ privateKey } = pair);
  keys.keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }];
});
afterAll(() => keys.close());

/** @param issuedAt in seconds since 1970; it is good for an hour. */
function tokenOf(externalId: string, claims: object = {}, issuedAt = Math.floor(Date.now() / 1000)): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(ISSUER)
    .setAudience('messenger')
    .setSubject(externalId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 3600)
    .sign(privateKey);
}

function strictTokenOf(externalId: string): Promise<string> {
  return new SignJWT({ uid: externalId })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(STRICT)
    .setAudience('messenger')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(Buffer.from(SECRET));
}

const me = (token: string) => call(test, 'GET', '/user/me', { token });

describe("a token of the host application's own", () => {
  it('makes its user at first sight, with the name and picture that it has', async () => {
    const external_id = uniqueName();
    const token = await tokenOf(external_id, { name: 'Ada Lovelace', picture: 'https://example.com/ada.png' });
    const first = await me(token);
    expect(first).toMatchObject({
      status: 200,
      body: { external_id, name: 'Ada Lovelace', avatar_url: 'https://example.com/ada.png', email: '' },
    });
    expect((await me(token)).body).toEqual(first.body);
    expect((await me(await tokenOf(external_id))).body.id).toBe(first.body.id);
  });

  it('makes one user of many requests at once', async () => {
    const token = await tokenOf(uniqueName());
    const answers = await Promise.all(Array.from({ length: 20 }, () => me(token)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('is of the user whom the host has made known by its API key', async () => {
    const [host, external_id] = [await Host.of(test), uniqueName()];
    const { user } = (await host.put(`/server/users/ext:${external_id}`, { name: 'Ada' })).body;
    expect((await me(await tokenOf(external_id))).body).toMatchObject({ id: user.id, name: 'Ada' });
    expect((await me(await strictTokenOf(external_id))).body).toMatchObject({ id: user.id });
  });

  it('takes over another name an hour after the last one at the earliest', async () => {
    const [external_id, other] = [uniqueName(), await register(test)];
    const { id } = (await me(await tokenOf(external_id, { name: 'Ada' }))).body;
    const renamed = await tokenOf(external_id, { name: 'Ada L.', picture: 'https://example.com/l.png' });
    expect((await me(renamed)).body.name).toBe('Ada');
    // A process that has not seen the user lately.
    const another = await test.another(CONFIG);
    expect((await call(another, 'GET', '/user/me', { token: renamed })).status).toBe(200);
    const shown = { name: 'Ada L.', avatar_url: 'https://example.com/l.png' };
    await expect.poll(async () => (await other.get(`/user/${id}`)).body).toMatchObject(shown);
  });

  it('puts its user in the teams that it names, at first sight and an hour after at the earliest', async () => {
    const [host, external_id] = [await Host.of(test), uniqueName()];
    const of = async (token: string, on: TestTarget = test) =>
      (await call(on, 'GET', '/user/me', { token })).body.teams;
    expect(await of(await tokenOf(external_id, { teams: ['looms', 'engines', 'looms'] }))).toEqual([
      'engines',
      'looms',
    ]);
    const without = await tokenOf(external_id);
    expect(await of(without)).toEqual(['engines', 'looms']);
    expect(await of(await tokenOf(external_id, { teams: ['other'] }))).toEqual(['engines', 'looms']);
    for (const teams of ['other', ['a b'], [7], undefined]) {
      const another = await test.another(CONFIG);
      // The name comes with the same change.
      const name = uniqueName();
      await call(another, 'GET', '/user/me', { token: await tokenOf(external_id, { teams, name }) });
      await expect.poll(async () => (await me(without)).body).toMatchObject({ name, teams: ['engines', 'looms'] });
    }
    const another = await test.another(CONFIG);
    await of(await tokenOf(external_id, { teams: [] }), another);
    await expect.poll(() => of(without)).toEqual([]);
    expect((await host.get(`/server/users/ext:${external_id}`)).body.teams).toEqual([]);
  });

  it('refuses somebody unknown where the configuration says so', async () => {
    expectError(await me(await strictTokenOf(uniqueName())), 401, 'NOT_AUTHORIZED');
  });

  it('opens a socket, by the header and by the first frame', async () => {
    const token = await tokenOf(uniqueName());
    const { id } = (await me(token)).body;
    expect((await (await Socket.open(test, { token })).take('ready')).data.user_id).toBe(id);
    const socket = await Socket.open(test);
    const ready = await socket.ask({ type: 'authenticate', token });
    expect(ready).toMatchObject({ type: 'ready', data: { user_id: id } });
    expect(Date.parse(ready.data.expires_at)).toBeGreaterThan(Date.now());
  });

  it('that is not right is nobody, on a socket too', async () => {
    const right = await tokenOf(uniqueName());
    const [header, payload = '', signature] = right.split('.');
    const claims = JSON.parse(String(Buffer.from(payload, 'base64url'))) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: uniqueName() })).toString('base64url');
    const forged = `${header}.${changed}.${signature}`;
    const expired = await tokenOf(uniqueName(), {}, Math.floor(Date.now() / 1000) - 7200);
    for (const token of [forged, expired]) {
      expectError(await me(token), 401, 'NOT_AUTHORIZED');
      const socket = await Socket.open(test);
      socket.send({ type: 'authenticate', token });
      expect((await socket.closed).code).toBe(4401);
    }
  });

  it('does not come in the way of the tokens of this server', async () => {
    const ada: Person = await register(test);
    expect((await ada.get('/user/me')).body.id).toBe(ada.id);
  });
});
