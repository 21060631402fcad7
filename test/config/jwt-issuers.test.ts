import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/index.js';

const SECRET = 'a secret that is long enough for HS256';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PUBLIC_JWK = { ...publicKey.export({ format: 'jwk' }), kid: 'a' };
const APP = { issuer: 'https://app.example.com', audience: 'messenger', jwks_url: 'https://app.example.com/jwks.json' };

const load = (issuers: unknown[]) =>
  loadConfig({ JWT_SECRET: SECRET, JWT_ISSUERS: JSON.stringify(issuers) }).jwtIssuers;

function linesOf(issuers: unknown[]): readonly string[] {
  try {
    load(issuers);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

/** An issuer without some of its fields, and with others. */
function app(changes: object): object {
  return Object.fromEntries(Object.entries<unknown>({ ...APP, ...changes }).filter(([, value]) => value !== undefined));
}

const withSecret = (changes: object) => app({ jwks_url: undefined, secret: SECRET, ...changes });
const withSet = (...keys: unknown[]) => app({ jwks_url: undefined, jwks: { keys } });

describe('JWT_ISSUERS', () => {
  it('may be empty', () => {
    expect(load([])).toEqual([]);
  });

  it('needs little of an issuer', () => {
    expect(load([APP])).toEqual([
      {
        issuer: APP.issuer,
        audience: ['messenger'],
        keys: { kind: 'url', url: APP.jwks_url },
        algorithms: ['RS256', 'ES256', 'EdDSA'],
        claims: { externalId: 'sub', name: 'name', avatarUrl: 'picture', locale: 'locale' },
        firstSight: 'create',
      },
    ]);
  });

  it('takes every field', () => {
    const issuers = [
      withSecret({ audience: ['a', 'b'], algorithms: ['HS256'], first_sight: 'refuse' }),
      app({
        issuer: 'b',
        algorithms: ['ES256'],
        claims: { external_id: 'uid', avatar_url: 'https://example.com/face', teams: 'https://example.com/teams' },
      }),
      { ...withSet(PUBLIC_JWK), issuer: 'c', claims: { name: 'nick' } },
      withSecret({ issuer: 'd' }),
    ];
    expect(load(issuers)).toMatchObject([
      { audience: ['a', 'b'], keys: { kind: 'secret', secret: SECRET }, algorithms: ['HS256'], firstSight: 'refuse' },
      {
        algorithms: ['ES256'],
        claims: {
          externalId: 'uid',
          name: 'name',
          avatarUrl: 'https://example.com/face',
          locale: 'locale',
          teams: 'https://example.com/teams',
        },
      },
      { keys: { kind: 'set', set: { keys: [PUBLIC_JWK] } }, claims: { name: 'nick' } },
      { algorithms: ['HS256'] },
    ]);
  });

  it('may stand in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'messenger-test-issuers-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'issuers.json');
    await writeFile(file, JSON.stringify([APP], undefined, 2));
    expect(loadConfig({ JWT_SECRET: SECRET, JWT_ISSUERS_FILE: file }).jwtIssuers).toEqual(load([APP]));
  });

  it.each<[string, unknown]>([
    ['issuer', app({ issuer: undefined })],
    ['issuer', app({ issuer: '' })],
    ['issuer', app({ issuer: 7 })],
    ['audience', app({ audience: undefined })],
    ['audience', app({ audience: [] })],
    ['audience', app({ audience: ['a', ''] })],
    ['jwks_url', app({ jwks_url: 'app.example.com' })],
    ['jwks_url', app({ jwks_url: 'file:///etc/keys' })],
    ['jwks_url', app({ jwks_url: 'https://ada:word@app.example.com' })],
    ['jwks_url', app({ jwks_url: null })],
    ['jwks', withSet()],
    ['jwks', withSet('key')],
    ['jwks', withSet({ kty: 'EC' })],
    ['jwks', withSet({ kty: 'oct', k: Buffer.from('secret').toString('base64url') })],
    ['jwks', withSet(PUBLIC_JWK, privateKey.export({ format: 'jwk' }))],
    ['jwks', app({ jwks_url: undefined, jwks: [PUBLIC_JWK] })],
    ['secret', withSecret({ secret: 'x'.repeat(31) })],
    ['algorithms', app({ algorithms: [] })],
    ['algorithms', app({ algorithms: ['none'] })],
    ['algorithms', app({ algorithms: ['HS256'] })],
    ['algorithms', app({ algorithms: ['RS256', 'HS256'] })],
    ['algorithms', app({ algorithms: ['RS256', 'RS256'] })],
    ['algorithms', app({ algorithms: 'RS256' })],
    ['algorithms', withSecret({ algorithms: ['RS256'] })],
    ['algorithms', withSecret({ algorithms: ['HS256', 'RS256'] })],
    ['claims', app({ claims: { external_id: '' } })],
    ['claims', app({ claims: { email: 'email' } })],
    ['first_sight', app({ first_sight: 'ask' })],
  ])('says in one line what is wrong with %s in %j', (field, issuer) => {
    expect(linesOf([app({ issuer: 'first' }), issuer])).toEqual([
      expect.stringMatching(new RegExp(`^JWT_ISSUERS\\[1\\]\\.${field} must be .+\\.$`)),
    ]);
  });

  it('wants one source of keys', () => {
    const wrong = [app({ jwks_url: undefined }), app({ secret: SECRET, issuer: 'b' })];
    expect(linesOf(wrong)).toEqual(
      wrong.map((_, index) => `JWT_ISSUERS[${index}] must have one of jwks_url, jwks and secret, and only one.`),
    );
  });

  it('wants objects, other names for each and no fields that it does not know', () => {
    expect(linesOf(['app', null, []])).toEqual([0, 1, 2].map((index) => `JWT_ISSUERS[${index}] must be an object.`));
    expect(linesOf([APP, APP])).toEqual(['JWT_ISSUERS[1].issuer must be another one than that of JWT_ISSUERS[0].']);
    expect(linesOf([app({ algorithm: 'RS256' })])).toEqual(['JWT_ISSUERS[0].algorithm is not known.']);
  });

  it('has a line for each mistake, and shows no secret', () => {
    const lines = linesOf([withSecret({ secret: 'hunter2', audience: [], first_sight: 1 }), app({ issuer: 1 })]);
    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toContain('hunter2');
  });
});
