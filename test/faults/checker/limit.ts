/** How long something may take, as docs/guarantees.md promises. */
export const LIMIT_MS = 10_000;
