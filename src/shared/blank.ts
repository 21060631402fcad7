// Characters that show nothing: spaces, what Unicode calls ignorable (zero-width characters, variation selectors,
// Hangul fillers) or format (direction marks), and a few that it calls letters or symbols and that are drawn as nothing
// (the empty Braille cell, the Khitan filler, the null notehead).
const BLANK = '[\\p{White_Space}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\u2800\\u{16FE4}\\u{1D159}]';

const ONLY_BLANK = new RegExp(`^${BLANK}*$`, 'u');
const PASTED = new RegExp(`^${BLANK}+|(?<!${BLANK})${BLANK}+$`, 'gu');

/** Whether there is nothing to see in the text. An emoji whose parts are joined by such characters has something. */
export function isBlank(text: string): boolean {
  return ONLY_BLANK.test(text);
}

/** The text without the spaces, and what else shows nothing, that people paste around it. */
export function trimBlank(text: string): string {
  return text.replace(PASTED, '');
}
