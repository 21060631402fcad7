import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, plainTextOf, type Piece } from '../../web/src/conversation/formatting.js';
import { namedIn, nameBefore } from '../../web/src/conversation/mentions.js';

const plain = (contents: string) => plainTextOf(contents, (whom) => `user ${whom}`);

const strong = (...parts: Piece[]): Piece => ({ kind: 'strong', parts });
const em = (...parts: Piece[]): Piece => ({ kind: 'em', parts });

/** Texts beside each other are one. */
function joined(pieces: readonly Piece[]): unknown[] {
  const all: unknown[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') all[all.length - 1] = last + piece;
    else all.push(typeof piece === 'object' && 'parts' in piece ? { ...piece, parts: joined(piece.parts) } : piece);
  }
  return all;
}

describe('contents', () => {
  it.each([
    ['**a** b', [strong('a'), ' b']],
    ['*a* _b_ ~~c~~', [em('a'), ' ', em('b'), ' ', { kind: 'del', parts: ['c'] }]],
    ['**a *b* c**', [strong('a ', em('b'), ' c')]],
    ['`**a**`', [{ kind: 'code', text: '**a**' }]],
    ['```\n<b>\n```', [{ kind: 'block', text: '<b>' }]],
    ['> a\n> **b**\nc', [{ kind: 'quote', parts: ['a\n', strong('b')] }, 'c']],
    [
      '<@7> <@all> <@moderator>',
      ['7', 'all', 'moderator'].flatMap((whom, at) => [...(at ? [' '] : []), { kind: 'mention', whom }]),
    ],
    ['**https://example.com/a_b_c**!', [strong({ kind: 'link', text: 'https://example.com/a_b_c' }), '!']],
    ['(https://example.com/a).', ['(', { kind: 'link', text: 'https://example.com/a' }, ').']],
  ])('%j is formatted', (contents, pieces) => {
    expect(joined(piecesOf(contents))).toEqual(pieces);
  });

  it.each([
    'a * b * c',
    'snake_case_name',
    '__init__',
    '** a**',
    '**a',
    '**a\nb**',
    '<b>a</b>',
    '<@0>',
    '<@member>',
    '[a](javascript:alert(1))',
    'javascript:alert(1)',
    '# a',
    '****',
  ])('%j is text', (contents) => {
    expect(joined(piecesOf(contents))).toEqual([contents]);
  });

  it('shows a mark that is escaped', () => {
    expect(joined(piecesOf('\\*a\\* \\<@7> \\n'))).toEqual(['*a* <@7> \\n']);
  });

  it('is read in the time that it is long, and never loses a word', () => {
    const part = fc.constantFrom(
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```',
      '\n',
      '> ',
      ' ',
      '\\',
      '<@7>',
      'https://a.b/',
      'word',
      '(',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 400 }), (parts) => {
        const shown = plain(parts.join(''));
        const words = (text: string) => text.split('word').length;
        expect(words(shown)).toBe(words(parts.join('')));
      }),
    );
    for (const each of ['*a', '**', '> ', '`', '_*~~', '<@', 'https://a.', '```', '. ']) {
      const start = performance.now();
      piecesOf(each.repeat(7000));
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });

  it('has a plain text', () => {
    expect(plain('**a** <@7> `b`\n> c')).toBe('a @user 7 b\nc');
  });
});

describe('what one writes', () => {
  const people = [{ id: 7, username: 'ada' }];

  it('names those who are known, and is otherwise as it is', () => {
    expect(namedIn('@ada, @Ada! @adam a@ada.b @all', people, false)).toEqual({
      contents: '<@7>, <@7>! @adam a@ada.b @all',
      mentions: { user_ids: [7], roles: [], all: false },
    });
    expect(namedIn('@all @moderator', people, true)).toEqual({
      contents: '<@all> <@moderator>',
      mentions: { user_ids: [], roles: ['moderator'], all: true },
    });
  });

  it('begins a name after an @', () => {
    expect(nameBefore('hi @ad', 6)).toBe('ad');
    expect(nameBefore('@', 1)).toBe('');
    expect(nameBefore('mail@ad', 7)).toBeUndefined();
    expect(nameBefore('hi @ada b', 9)).toBeUndefined();
  });
});
