/** As long as the column is. */
const MAX_CHARACTERS = 64;
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
/** The name of a picture that the application knows. */
const NAME = /^:[a-z0-9_+-]{1,62}:$/;
/** Shows the character before it as a picture: some keyboards leave it out. */
const AS_PICTURE = '\uFE0F';

/** @returns what counts as the same emoji; undefined for what is none. */
export function emojiOf(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  return [text, text + AS_PICTURE].find((each) => EMOJI.test(each) || NAME.test(each));
}
