import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isTooDeep } from '../../src/shared/json.js';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

it('knows how deep any JSON is nested, for texts of every kind', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 22, stringUnit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a') }), (json) => {
      expect(isTooDeep(json)).toBe(depthOf(JSON.parse(json)) > 16);
    }),
    { numRuns: 300 },
  );
});

it.each(['['.repeat(16), '{"a":'.repeat(16), `"${'['.repeat(99)}"`, `"\\"${'['.repeat(99)}"`])(
  'leaves %s alone',
  (json) => {
    expect(isTooDeep(json)).toBe(false);
  },
);

it.each(['['.repeat(17), '{"a":'.repeat(17), `["]"${',['.repeat(16)}`, '[{'.repeat(500_000)])('refuses %s', (json) => {
  expect(isTooDeep(json)).toBe(true);
});
