import { expect, it } from 'vitest';
import { LIMITS } from '../../bench/servers/messenger.js';
import { Environment } from '../../src/config/index.js';

it('measures with every limit on, at a value that no load of the benchmark reaches', () => {
  const names = Object.keys(Environment.properties).filter((name) => name.startsWith('RATE_LIMIT_'));
  expect(LIMITS).toEqual(Object.fromEntries(names.map((name) => [name, '1000000000'])));
});
