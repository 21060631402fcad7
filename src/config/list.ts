/** @returns the items of a list with commas between them. */
export function list(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}
