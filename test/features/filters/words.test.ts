import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkList, readDomain } from '../../../src/features/filters/links.js';
import { WordList, fold, readEntry, wordsOf } from '../../../src/features/filters/words.js';

const finds = (entries: readonly string[], text: string) => {
  const list = new WordList(entries);
  return wordsOf(fold(text)).filter((word) => list.has(word)).length;
};

describe('words', () => {
  it.each([
    ['cat', 'a CAT!', 1],
    ['cat', 'ｃａｔ', 1],
    ['cat', 'c\u200bat, c\u00adat', 2],
    ['cat', 'concatenate cats', 0],
    ['cat*', 'Cats, catalogue and concat', 2],
    ['straße', 'STRASSE', 1],
    ['\u039f\u0394\u039f\u03a3*', '\u03bf\u03b4\u03bf\u03c3\u03bc\u03b1', 1],
    ['Кот', 'кот', 1],
    ['\u0928\u092e\u0938\u094d\u0924\u0947', '\u0928\u092e\u0938\u094d\u0924\u0947!', 1],
  ])('%s in %s: %i', (entry, text, count) => {
    expect(finds([entry], text)).toBe(count);
  });

  it.each(['', '*', 'two words', '*cat', 'c*t', 'c+', '.*', 'cat**', '\u200b'])('"%s" is no entry', (entry) => {
    expect(readEntry(entry)).toBeUndefined();
  });

  it('are found as by looking at each entry', () => {
    const word = fc.string({ unit: fc.constantFrom('A', 'B', 'C'), minLength: 1, maxLength: 5 });
    const entry = fc.tuple(word, fc.constantFrom('', '*')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(entry), word, (entries, given) => {
        const isFound = entries.some((each) =>
          each.endsWith('*') ? given.startsWith(each.slice(0, -1)) : given === each,
        );
        expect(new WordList(entries).has(given)).toBe(isFound);
      }),
    );
  });
});

describe('links', () => {
  const list = (mode: 'block' | 'only', ...domains: string[]) =>
    new LinkList({ mode, domains, outcome: { action: 'block' } });

  it.each([
    'https://evil.com',
    'HTTP://EVIL.com:8080/x?y#z',
    'see evil.com.',
    '(https://a.b.evil.com)',
    'https://good.com@evil.com/',
    'https://good.com/https://evil.com',
    'https://ev%69l.com',
    'https:\\\\evil.com',
    '\uff45vil\uff0ecom',
    'evil。com',
    'ev\u200bil.com',
    'www.evil.com!',
    '_https://evil.com_',
  ])('%s leads to what is blocked, and elsewhere than to what is allowed', (text) => {
    expect(list('block', 'evil.com').isFoundIn(text)).toBe(true);
  });

  it.each([
    ['https://good.com/x, www.good.com and https://a.good.com', false],
    ['no link. Nor e.g. this, or file.txt', false],
    ['~~https://good.com~~ https://awww.good.com', false],
    ['https://', false],
    ['https://good.com.evil.com', true],
    ['https://good.com@evil.com', true],
    ['https://notgood.com', true],
    ['www.evil.com', true],
    ['https://127.0.0.1/', true],
  ])('only good.com: %s: %s', (text, isFound) => {
    expect(list('only', 'good.com').isFoundIn(text)).toBe(isFound);
  });

  it('are the same in every script', () => {
    expect(list('block', 'münchen.de').isFoundIn('https://xn--mnchen-3ya.de and https://MÜNCHEN.de')).toBe(true);
    expect(list('block', 'evil.com').isFoundIn('devil.com evil.community')).toBe(false);
  });

  it.each(['', 'a b', 'https://evil.com', 'evil.com/x', '*.evil.com', 'x'.repeat(254)])('"%s" is no domain', (text) => {
    expect(readDomain(text)).toBeUndefined();
  });
});

describe('what is looked at', () => {
  it.each([
    ['words', 'a '.repeat(1023)],
    ['one word', 'a'.repeat(20_000)],
    ['labels', 'a.'.repeat(1023)],
    ['dots', '.'.repeat(20_000)],
    ['schemes', 'https:'.repeat(341)],
    ['marks', `a${'\u0315\u0300'.repeat(1023)}`],
    ['what becomes longer', '\u3316'.repeat(20_000)],
    ['phrases', '\ufdfa'.repeat(20_000)],
  ])('takes no time: %s', (_of, text) => {
    const words = new WordList(Array.from({ length: 1000 }, (_, index) => `a${index}${index % 2 ? '*' : ''}`));
    const links = new LinkList({ mode: 'block', domains: ['evil.com'], outcome: { action: 'block' } });
    const begun = performance.now();
    for (let times = 0; times < 10; times += 1) {
      wordsOf(fold(text)).some((word) => words.has(word));
      links.isFoundIn(text);
    }
    expect(performance.now() - begun).toBeLessThan(250);
  });
});
