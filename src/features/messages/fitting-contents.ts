/** In UTF-16 units, of what is written on a page: as much as 100 messages of 2,047 emojis have. */
const MAX_PAGE_LENGTH = 100 * 2047 * 2;

/**
 * Of longer messages a page has fewer, so that no answer is much larger than one of usual messages.
 * @returns how many of them, from the first on, are on a page of at the most `limit`: one at the least, where there is one.
 */
export function fittingContents(written: readonly { readonly contents: string }[], limit: number): number {
  let [count, length] = [0, 0];
  for (const { contents } of written) {
    length += contents.length;
    if (count === limit || (count > 0 && length > MAX_PAGE_LENGTH)) break;
    count++;
  }
  return count;
}
