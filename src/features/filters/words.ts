/** Of an entry, in characters. */
export const MAX_ENTRY = 60;

const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
/** To put very many of them in order takes the square of their number; no language writes so many. */
const MARKS = /(\p{M}{8})\p{M}+/gu;
/** Whole phrases that are one character, of which normalizing makes up to eighteen. */
const PHRASES = /[\ufdfa\ufdfb]/g;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * A text in which case, width and characters that show nothing make no difference. In upper case, because lower case depends on where a letter
 * stands.
 */
export function fold(text: string): string {
  return text
    .replace(PHRASES, ' ')
    .replace(INVISIBLE, '')
    .replace(MARKS, '$1')
    .normalize('NFKC')
    .toUpperCase()
    .normalize('NFKC');
}

/** @returns undefined unless the entry is one word, perhaps with a `*` behind it. */
export function readEntry(entry: string): { readonly word: string; readonly isPrefix: boolean } | undefined {
  const folded = fold(entry.trim());
  const isPrefix = folded.endsWith('*');
  const text = isPrefix ? folded.slice(0, -1) : folded;
  const [word] = text.match(WORD) ?? [];
  return word !== undefined && word === text ? { word, isPrefix } : undefined;
}

/** Finds words, however many there are, in one pass. */
export class WordList {
  readonly #words = new Set<string>();
  /** In order. None begins with another one, so that the last one that is not after a word is the only one with which it can begin. */
  readonly #prefixes: string[] = [];

  constructor(entries: readonly string[]) {
    const read = entries.flatMap((entry) => readEntry(entry) ?? []);
    for (const { word, isPrefix } of read) if (!isPrefix) this.#words.add(word);
    // By code units, as the search compares.
    const prefixes = read.filter(({ isPrefix }) => isPrefix).map(({ word }) => word);
    for (const prefix of prefixes.sort((a, b) => (a < b ? -1 : 1))) {
      const last = this.#prefixes.at(-1);
      if (last === undefined || !prefix.startsWith(last)) this.#prefixes.push(prefix);
    }
  }

  has(word: string): boolean {
    return this.#words.has(word) || this.#hasPrefixOf(word);
  }

  #hasPrefixOf(word: string): boolean {
    let [low, high] = [0, this.#prefixes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#prefixes[middle] ?? '') <= word) low = middle + 1;
      else high = middle;
    }
    const prefix = this.#prefixes[low - 1];
    return prefix !== undefined && word.startsWith(prefix);
  }
}

/** The words of a folded text. */
export function wordsOf(folded: string): readonly string[] {
  return folded.match(WORD) ?? [];
}
