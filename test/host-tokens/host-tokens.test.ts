import { CompactSign, exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JwtIssuer } from '../../src/config/index.js';
import { HostTokenError, HostTokens, type HostClaims } from '../../src/host-tokens/index.js';
import { ApiError } from '../../src/shared/errors.js';
import { checkedLog } from '../support/checked-log.js';
import { KeyServer } from './key-server.js';

const ISSUER = 'https://app.example.com';
const SECRET = 'a secret that is long enough for HS256';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOUR = 3600;
const DAY = 24 * HOUR;
/** In seconds since 1970. */
const NOW = Math.floor(Date.now() / 1000);

interface Pair {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

async function makePair(alg: string, kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

let rsa: Pair;
let ec: Pair;
let ed: Pair;
/** Of the same issuer, later. */
let next: Pair;

beforeAll(async () => {
  [rsa, ec, ed, next] = await Promise.all([
    makePair('RS256', 'rsa'),
    makePair('ES256', 'ec'),
    makePair('EdDSA', 'ed'),
    makePair('ES256', 'next'),
  ]);
});

// Each test has an address of its own: `fetch` may still be closing a connection to that of the test before.
let server: KeyServer;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
  server = new KeyServer();
  server.keys = [rsa.jwk, ec.jwk, ed.jwk];
  await server.open();
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await server.close();
});

function issuer(changes: Partial<JwtIssuer> = {}): JwtIssuer {
  return {
    issuer: ISSUER,
    audience: ['messenger'],
    keys: { kind: 'url', url: server.url },
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    claims: { externalId: 'sub', name: 'name', avatarUrl: 'picture', locale: 'locale' },
    firstSight: 'create',
    ...changes,
  };
}

const BY_SECRET: Partial<JwtIssuer> = { keys: { kind: 'secret', secret: SECRET }, algorithms: ['HS256'] };

const tokensOf = (...issuers: JwtIssuer[]) => new HostTokens(issuers, checkedLog);

const wait = (ms: number) => vi.setSystemTime(Date.now() + ms);
const seconds = () => Math.floor(Date.now() / 1000);

/** Right in all that is not changed; undefined takes a claim away. */
function claims(changes: object = {}) {
  return { iss: ISSUER, aud: 'messenger', sub: 'ada', iat: seconds(), exp: seconds() + HOUR, ...changes };
}

function sign(changes: object = {}, pair: Pair = ec, header: object = {}): Promise<string> {
  return new SignJWT(claims(changes))
    .setProtectedHeader({ alg: pair.alg, kid: pair.kid, ...header })
    .sign(pair.privateKey);
}

function signBySecret(changes: object, secret = SECRET): Promise<string> {
  return new SignJWT(claims(changes)).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function failureOf(answer: Promise<HostClaims>): Promise<unknown> {
  return answer.then(
    () => expect.fail('The token was taken.'),
    (error: unknown) => error,
  );
}

/** Why the token is refused. */
async function refusalOf(answer: Promise<HostClaims>): Promise<[reason: string, claim: string | undefined]> {
  const error = await failureOf(answer);
  if (!(error instanceof HostTokenError)) throw error;
  return [error.reason, error.claim];
}

async function expectUnavailable(answer: Promise<HostClaims>): Promise<void> {
  const error = await failureOf(answer);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
}

describe('a token of a host application', () => {
  it('is taken when it is signed with RS256, ES256 or EdDSA', async () => {
    const tokens = tokensOf(issuer());
    for (const pair of [rsa, ec, ed]) {
      expect(await tokens.verify(await sign({}, pair))).toEqual({
        issuer: ISSUER,
        externalId: 'ada',
        name: undefined,
        avatarUrl: undefined,
        issuedAt: NOW * 1000,
        expiresAt: (NOW + HOUR) * 1000,
        firstSight: 'create',
      });
    }
    expect(server.fetches).toBe(1);
  });

  it('is taken when it is signed with a shared secret, and with no other', async () => {
    const tokens = tokensOf(issuer({ ...BY_SECRET, firstSight: 'refuse' }));
    expect(await tokens.verify(await signBySecret({}))).toMatchObject({ externalId: 'ada', firstSight: 'refuse' });
    expect(await refusalOf(tokens.verify(await signBySecret({}, `${SECRET}x`)))).toEqual(['TOKEN_INVALID', undefined]);
    expect(await refusalOf(tokens.verify(await sign()))).toEqual(['TOKEN_INVALID', 'alg']);
  });

  it('is taken by keys that stand in the configuration', async () => {
    const tokens = tokensOf(issuer({ keys: { kind: 'set', set: { keys: [ec.jwk, next.jwk] } } }));
    for (const pair of [ec, next])
      expect(await tokens.verify(await sign({}, pair))).toMatchObject({ externalId: 'ada' });
    expect(await refusalOf(tokens.verify(await sign({}, ed)))).toEqual(['TOKEN_INVALID', 'kid']);
    expect(server.fetches).toBe(0);
  });

  it('is checked with the keys of its own issuer', async () => {
    const tokens = tokensOf(issuer(), issuer({ issuer: 'other', ...BY_SECRET }));
    expect(await tokens.verify(await signBySecret({ iss: 'other' }))).toMatchObject({ issuer: 'other' });
    expect(await refusalOf(tokens.verify(await signBySecret({})))).toEqual(['TOKEN_INVALID', 'alg']);
    expect(await refusalOf(tokens.verify(await sign({ iss: 'other' })))).toEqual(['TOKEN_INVALID', 'alg']);
  });

  it('is known by its issuer, without a fetch', async () => {
    const tokens = tokensOf(issuer());
    expect(tokens.isHostToken(await sign())).toBe(true);
    expect(tokens.isHostToken(await sign({ iss: 'messenger-backend' }))).toBe(false);
    for (const iss of [undefined, null, 7, [ISSUER], { ISSUER }]) {
      expect(tokens.isHostToken(`${encode({ alg: 'ES256' })}.${encode({ iss })}.x`)).toBe(false);
    }
    expect(server.fetches).toBe(0);
  });
});

describe('a token is refused', () => {
  it.each([
    '',
    '.',
    '..',
    'x',
    'a.b.c',
    'a.b.c.d.e',
    `${encode({})}.${encode([])}.x`,
    `${encode({})}.${encode(null)}.x`,
    '\0.\ud800.é',
  ])('when it is garbage: %j', async (token) => {
    const tokens = tokensOf(issuer());
    expect(tokens.isHostToken(token)).toBe(false);
    expect(await refusalOf(tokens.verify(token))).toEqual(['TOKEN_INVALID', undefined]);
    expect(server.fetches).toBe(0);
  });

  it('when it is longer than 8 kB', async () => {
    const tokens = tokensOf(issuer());
    const token = await sign({ filling: 'x'.repeat(8000) });
    expect(tokens.isHostToken(token)).toBe(false);
    expect(await refusalOf(tokens.verify(token))).toEqual(['TOKEN_INVALID', undefined]);
    expect(await tokens.verify(await sign({ filling: 'x'.repeat(5500) }))).toMatchObject({ externalId: 'ada' });
  });

  it('when something else is signed than what it says', async () => {
    const tokens = tokensOf(issuer());
    const [header, , signature] = (await sign()).split('.');
    const forged = `${header}.${encode(claims({ sub: 'eve' }))}.${signature}`;
    expect(await refusalOf(tokens.verify(forged))).toEqual(['TOKEN_INVALID', undefined]);
    const stranger = await makePair('ES256', 'ec');
    expect(await refusalOf(tokens.verify(await sign({}, stranger)))).toEqual(['TOKEN_INVALID', undefined]);
  });

  it('when its algorithm is none, or one that its issuer does not use', async () => {
    const tokens = tokensOf(issuer({ algorithms: ['RS256'] }));
    for (const alg of ['none', 'None', 'HS256', 'ES256', 'PS256']) {
      const token = `${encode({ alg, kid: 'rsa' })}.${encode(claims())}.`;
      expect(await refusalOf(tokens.verify(token)), alg).toEqual(['TOKEN_INVALID', 'alg']);
    }
    expect(server.fetches).toBe(0);
  });

  it('when it takes a public key for a secret', async () => {
    const tokens = tokensOf(issuer());
    for (const secret of [await exportSPKI(rsa.publicKey), JSON.stringify(rsa.jwk), rsa.jwk.n!]) {
      expect(await refusalOf(tokens.verify(await signBySecret({}, secret)))).toEqual(['TOKEN_INVALID', 'alg']);
    }
  });

  it('when it brings its own key', async () => {
    const token = await sign({}, next, { jwk: next.jwk, jku: 'https://evil.example' });
    expect(await refusalOf(tokensOf(issuer()).verify(token))).toEqual(['TOKEN_INVALID', 'kid']);
  });

  it('when its key is not published for signatures, or is too short to be one', async () => {
    server.keys = [{ ...ec.jwk, use: 'enc' }];
    expect(await refusalOf(tokensOf(issuer()).verify(await sign()))).toEqual(['TOKEN_INVALID', 'kid']);
    server.keys = [{ ...ec.jwk, x: 'AA' }];
    expect(await refusalOf(tokensOf(issuer()).verify(await sign()))).toEqual(['TOKEN_INVALID', undefined]);
  });

  it.each<[string, object]>([
    ['iss', { iss: 'somebody' }],
    ['iss', { iss: undefined }],
    ['iss', { iss: [ISSUER] }],
    ['aud', { aud: 'another' }],
    ['aud', { aud: undefined }],
    ['aud', { aud: ['another'] }],
    ['exp', { exp: undefined }],
    ['exp', { exp: 'tomorrow' }],
    ['iat', { iat: 'yesterday' }],
    ['nbf', { nbf: 'today' }],
    ['sub', { sub: undefined }],
    ['sub', { sub: '' }],
    ['sub', { sub: 'x'.repeat(256) }],
    ['sub', { sub: 'a\0' }],
    ['sub', { sub: 'a\ud800' }],
    ['sub', { sub: { id: 1 } }],
    ['sub', { sub: 1.5 }],
    ['sub', { sub: 2 ** 53 }],
    ['sub', { sub: true }],
  ])('for its %s: %j', async (claim, changes) => {
    expect(await refusalOf(tokensOf(issuer()).verify(await sign(changes)))).toEqual(['TOKEN_INVALID', claim]);
  });

  it.each<[string, string, object, object]>([
    ['TOKEN_EXPIRED', 'exp', { exp: NOW - 59 }, { exp: NOW - 60 }],
    ['TOKEN_INVALID', 'nbf', { nbf: NOW + 60 }, { nbf: NOW + 61 }],
    ['TOKEN_INVALID', 'iat', { iat: NOW + 60 }, { iat: NOW + 61 }],
    ['TOKEN_INVALID', 'exp', { exp: NOW + DAY }, { exp: NOW + DAY + 1 }],
    [
      'TOKEN_INVALID',
      'exp',
      { iat: NOW - HOUR, exp: NOW - HOUR + DAY },
      { iat: NOW - HOUR, exp: NOW - HOUR + DAY + 1 },
    ],
    ['TOKEN_INVALID', 'exp', { iat: undefined, exp: NOW + DAY }, { iat: undefined, exp: NOW + DAY + 1 }],
  ])('as %s for its %s, when %j is %j', async (reason, claim, good, bad) => {
    const tokens = tokensOf(issuer(BY_SECRET));
    expect(await tokens.verify(await signBySecret(good))).toMatchObject({ externalId: 'ada' });
    expect(await refusalOf(tokens.verify(await signBySecret(bad)))).toEqual([reason, claim]);
  });

  it('when its numbers have no end', async () => {
    const tokens = tokensOf(issuer(BY_SECRET));
    const endless = (payload: string) =>
      new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(SECRET));
    const start = `{"iss":"${ISSUER}","aud":"messenger","sub":"ada"`;
    expect(await refusalOf(tokens.verify(await endless(`${start},"exp":1e999}`)))).toEqual(['TOKEN_INVALID', 'exp']);
    const old = await endless(`${start},"exp":${NOW + HOUR},"iat":-1e999}`);
    expect(await refusalOf(tokens.verify(old))).toEqual(['TOKEN_INVALID', 'exp']);
  });
});

describe('the claims', () => {
  const claimsOf = async (changes: object, settings: Partial<JwtIssuer> = {}) =>
    tokensOf(issuer({ ...BY_SECRET, ...settings })).verify(await signBySecret(changes));

  it('come from where the issuer has them', async () => {
    const names = { externalId: 'uid', name: 'nick', avatarUrl: 'https://example.com/face', locale: 'locale' };
    const given = { uid: 7, nick: 'Ada', 'https://example.com/face': 'https://example.com/ada.png', name: 'x' };
    expect(await claimsOf(given, { claims: names })).toMatchObject({
      externalId: '7',
      name: 'Ada',
      avatarUrl: 'https://example.com/ada.png',
    });
    const tokens = tokensOf(issuer({ ...BY_SECRET, claims: names }));
    expect(await refusalOf(tokens.verify(await signBySecret({})))).toEqual(['TOKEN_INVALID', 'uid']);
  });

  it('may have one audience of several', async () => {
    const settings = { audience: ['one', 'two'] };
    expect(await claimsOf({ aud: ['three', 'two'] }, settings)).toMatchObject({ externalId: 'ada' });
    expect(await claimsOf({ aud: 'one' }, settings)).toMatchObject({ externalId: 'ada' });
  });

  it('have a long id in any script', async () => {
    expect(await claimsOf({ sub: '😀'.repeat(255) })).toMatchObject({ externalId: '😀'.repeat(255) });
    expect(await claimsOf({ sub: 2 ** 53 - 1 })).toMatchObject({ externalId: '9007199254740991' });
  });

  it.each<[unknown, string | undefined]>([
    ['Ada', 'Ada'],
    [' \u200bAda Lovelace\t', 'Ada Lovelace'],
    ['😀'.repeat(128), '😀'.repeat(128)],
    ['x'.repeat(129), undefined],
    [' \u200b', undefined],
    ['', undefined],
    ['a\0', undefined],
    ['a\udc00', undefined],
    [7, undefined],
    [null, undefined],
  ])('have a name only when it can be shown: %j', async (given, name) => {
    expect((await claimsOf({ name: given })).name).toBe(name);
  });

  it.each<[unknown, string | undefined]>([
    ['https://example.com/ada.png', 'https://example.com/ada.png'],
    ['http://example.com/a b', 'http://example.com/a%20b'],
    [`https://example.com/${'x'.repeat(1004)}`, `https://example.com/${'x'.repeat(1004)}`],
    [`https://example.com/${'x'.repeat(1005)}`, undefined],
    ['javascript:alert(1)', undefined],
    ['data:image/png;base64,AA', undefined],
    ['/ada.png', undefined],
    [7, undefined],
  ])('have a picture only of the web: %j', async (given, avatarUrl) => {
    expect((await claimsOf({ picture: given })).avatarUrl).toBe(avatarUrl);
  });

  it.each<[unknown, string[] | undefined]>([
    [
      ['engines', 'a.b:c_d-1'],
      ['engines', 'a.b:c_d-1'],
    ],
    [[], []],
    [['x'.repeat(64)], ['x'.repeat(64)]],
    [['x'.repeat(65)], undefined],
    [Array(101).fill('x'), undefined],
    [['a', ''], undefined],
    [['a', 'a b'], undefined],
    [['a\n'], undefined],
    [['a', 7], undefined],
    [['a', null], undefined],
    ['engines', undefined],
    [{ 0: 'engines', length: 1 }, undefined],
    [null, undefined],
    [undefined, undefined],
  ])('have teams only as a list of such: %j', async (given, teams) => {
    const names = { externalId: 'sub', name: 'name', avatarUrl: 'picture', locale: 'locale', teams: 'groups' };
    expect((await claimsOf({ groups: given, teams: ['x'] }, { claims: names })).teams).toEqual(teams);
    expect((await claimsOf({ groups: given, undefined: ['x'] })).teams).toBeUndefined();
  });

  it('have the earliest time of issue when the token has none', async () => {
    expect(await claimsOf({ iat: undefined })).toMatchObject({ issuedAt: (NOW + HOUR - DAY) * 1000 });
  });
});

describe('the keys of an issuer', () => {
  it('are fetched once for all that come at once, and kept for 10 minutes', async () => {
    const tokens = tokensOf(issuer());
    const some = await Promise.all([rsa, ec, ed].map((pair) => sign({}, pair)));
    await Promise.all([...some, ...some, ...some].map((token) => tokens.verify(token)));
    wait(10 * MINUTE_MS - 1);
    await tokens.verify(await sign());
    expect(server.fetches).toBe(1);
    wait(1);
    await Promise.all([...some, ...some].map((token) => tokens.verify(token)));
    expect(server.fetches).toBe(2);
  });

  it('are fetched at most once a minute for keys that nobody knows', async () => {
    const tokens = tokensOf(issuer());
    await tokens.verify(await sign());
    const strangers = await Promise.all(Array.from({ length: 50 }, (_, index) => sign({}, next, { kid: `x${index}` })));
    const refuseAll = async () => {
      for (const answer of await Promise.all(strangers.map((token) => refusalOf(tokens.verify(token)))))
        expect(answer).toEqual(['TOKEN_INVALID', 'kid']);
      for (const token of strangers) await refusalOf(tokens.verify(token));
    };
    await refuseAll();
    wait(MINUTE_MS - 1);
    await refuseAll();
    expect(server.fetches).toBe(1);
    wait(1);
    await refuseAll();
    expect(server.fetches).toBe(2);
    server.answer = (response) => response.writeHead(500).end();
    wait(MINUTE_MS);
    await refuseAll();
    expect(server.fetches).toBe(3);
  });

  it('may be replaced: the new one is good within a minute, the old one until the set is renewed', async () => {
    const tokens = tokensOf(issuer());
    await tokens.verify(await sign());
    server.keys = [next.jwk];
    expect(await tokens.verify(await sign())).toMatchObject({ externalId: 'ada' });
    wait(MINUTE_MS);
    expect(await tokens.verify(await sign({}, next))).toMatchObject({ externalId: 'ada' });
    expect(await refusalOf(tokens.verify(await sign()))).toEqual(['TOKEN_INVALID', 'kid']);
    server.keys = [ec.jwk];
    wait(10 * MINUTE_MS);
    expect(await refusalOf(tokens.verify(await sign({}, next)))).toEqual(['TOKEN_INVALID', 'kid']);
    expect(await tokens.verify(await sign())).toMatchObject({ externalId: 'ada' });
  });

  it('need no kid where only one of them can be meant', async () => {
    const tokens = tokensOf(issuer());
    expect(await tokens.verify(await sign({}, ec, { kid: undefined }))).toMatchObject({ externalId: 'ada' });
    server.keys = [ec.jwk, next.jwk];
    wait(10 * MINUTE_MS);
    expect(await refusalOf(tokens.verify(await sign({}, ec, { kid: undefined })))).toEqual(['TOKEN_INVALID', 'kid']);
  });

  it('stay good for 24 hours while they can’t be fetched', async () => {
    const tokens = tokensOf(issuer());
    await tokens.verify(await sign());
    await server.close();
    for (const ms of [10 * MINUTE_MS, HOUR_MS, 22 * HOUR_MS]) {
      wait(ms);
      expect(await tokens.verify(await sign())).toMatchObject({ externalId: 'ada' });
      expect(await refusalOf(tokens.verify(await sign({}, next)))).toEqual(['TOKEN_INVALID', 'kid']);
    }
    wait(HOUR_MS);
    await expectUnavailable(tokens.verify(await sign()));
    server.keys = [next.jwk];
    await server.open();
    wait(5000);
    expect(await tokens.verify(await sign({}, next))).toMatchObject({ externalId: 'ada' });
    expect(await refusalOf(tokens.verify(await sign()))).toEqual(['TOKEN_INVALID', 'kid']);
  });

  it('are replaced within a minute after an outage', async () => {
    const tokens = tokensOf(issuer());
    await tokens.verify(await sign());
    await server.close();
    wait(HOUR_MS);
    await tokens.verify(await sign());
    server.keys = [next.jwk];
    await server.open();
    expect(await refusalOf(tokens.verify(await sign({}, next)))).toEqual(['TOKEN_INVALID', 'kid']);
    wait(MINUTE_MS);
    expect(await tokens.verify(await sign({}, next))).toMatchObject({ externalId: 'ada' });
  });

  it.each<[string, KeyServer['answer']]>([
    ['an error', (response) => response.writeHead(500).end()],
    ['a redirect', (response) => response.writeHead(302, { location: server.url }).end('{"keys":[]}')],
    ['no JSON', (response) => response.end('<html>')],
    ['no key set', (response) => response.end('{"keys":7}')],
    ['too much', (response) => response.end(JSON.stringify({ keys: [], filling: 'x'.repeat(300_000) }))],
    [
      'half an answer',
      (response) => response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
    ],
  ])(
    'that have never come make the service unavailable, and are asked for every 5 seconds: %s',
    async (_name, answer) => {
      const tokens = tokensOf(issuer());
      server.answer = answer;
      const token = await sign();
      await Promise.all([1, 2, 3].map(() => expectUnavailable(tokens.verify(token))));
      await expectUnavailable(tokens.verify(token));
      expect(server.fetches).toBe(1);
      server.answer = undefined;
      wait(5000);
      expect(await tokens.verify(token)).toMatchObject({ externalId: 'ada' });
      expect(server.fetches).toBe(2);
      server.answer = answer;
      wait(10 * MINUTE_MS);
      expect(await tokens.verify(token)).toMatchObject({ externalId: 'ada' });
      expect(server.fetches).toBe(3);
    },
  );

  it('are waited for at most 5 seconds', async () => {
    const tokens = tokensOf(issuer());
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      const controller = new AbortController();
      setTimeout(() => {
        controller.abort(new DOMException('', 'TimeoutError'));
      }, 50);
      return controller.signal;
    });
    server.answer = () => undefined;
    await expectUnavailable(tokens.verify(await sign()));
    // The answer has begun and goes on for ever.
    server.answer = (response) => response.write('{');
    wait(5000);
    await expectUnavailable(tokens.verify(await sign()));
    expect(timeout.mock.calls).toEqual([[5000], [5000]]);
  });
});
