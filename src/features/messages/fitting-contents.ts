/** In UTF-16 units, of what is written on a page: as much as 100 messages of 2,047 emojis have. */
const MAX_PAGE_LENGTH = 100 * 2047 * 2;

/**
 * Of longer messages a page has fewer, so that no answer is much larger than one of usual messages.
 * @returns how many of them, from the first on, are on a page: one at the least, `limit` at the most.
 */
export function fittingContents(written: readonly { readonly contents: string }[], limit: number): number {
  let left = MAX_PAGE_LENGTH;
  const end = written.slice(0, limit).findIndex(({ contents }) => (left -= contents.length) < 0);
  return end === -1 ? limit : Math.max(1, end);
}
