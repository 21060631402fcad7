import { describe, expect, it } from 'vitest';
import { isBlank, trimBlank } from '../../src/shared/blank.js';
import { BLANK_TEXTS, VISIBLE_TEXTS } from '../support/blank-texts.js';

describe('a text', () => {
  it.each(Object.entries(BLANK_TEXTS))('of nothing but %s is blank, each character and all of them', (_name, text) => {
    for (const character of text) expect(isBlank(character), character.codePointAt(0)?.toString(16)).toBe(true);
    expect(isBlank(text.repeat(3))).toBe(true);
  });

  it.each(Object.entries(BLANK_TEXTS))('is trimmed of %s at both ends', (_name, text) => {
    expect(trimBlank(text)).toBe('');
    expect(trimBlank(`${text}ada${text}lovelace${text}`)).toBe(`ada${text}lovelace`);
  });

  it.each(VISIBLE_TEXTS)('with something to see is not: %s', (text) => {
    expect(isBlank(text)).toBe(false);
  });

  it('that is empty is blank', () => {
    expect(isBlank('')).toBe(true);
    expect(trimBlank('')).toBe('');
  });

  it('of a million spaces takes no time', () => {
    const start = performance.now();
    expect(isBlank(`${' '.repeat(1_000_000)}x`)).toBe(false);
    expect(trimBlank(`x${' '.repeat(1_000_000)}x${' '.repeat(10)}`)).toHaveLength(1_000_002);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
