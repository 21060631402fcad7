import { describe, expect, it } from 'vitest';
import { loadConfig, type ConfigError } from '../../src/config/index.js';

const SECRET = 'a secret that is long enough to be one';

function linesOf(variables: Record<string, string>): readonly string[] {
  try {
    loadConfig({ JWT_SECRET: SECRET, DEVELOPMENT: 'on', ...variables });
    return [];
  } catch (error) {
    return (error as ConfigError).lines;
  }
}

describe('DEVELOPMENT=on', () => {
  it.each([{}, { HOST: 'localhost' }, { HOST: '::1' }, { HOST: '127.0.0.2' }, { TRUST_PROXY: 'false' }])(
    'goes with %j',
    (variables) => {
      expect(linesOf(variables)).toEqual([]);
    },
  );

  it.each([
    ['DATABASE_URL', { DATABASE_URL: 'postgresql://ada@localhost/messenger' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://example.com' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'true' }],
    ['TRUST_PROXY', { TRUST_PROXY: '127.0.0.1' }],
    ['HOST', { HOST: '0.0.0.0' }],
    ['HOST', { HOST: '::' }],
    ['HOST', { HOST: '192.168.0.5' }],
    ['HOST', { HOST: 'example.com' }],
  ] as [string, Record<string, string>][])('is refused with %s: %j', (name, variables) => {
    expect(linesOf(variables)).toEqual([
      expect.stringMatching(new RegExp(`^DEVELOPMENT must be "off" with .*${name}`)),
    ]);
  });

  it('is refused with a word that is neither', () => {
    expect(linesOf({ DEVELOPMENT: 'yes' })).toEqual([expect.stringMatching(/^DEVELOPMENT must be/)]);
  });
});
