/** Where the messenger stands, such as `https://example.com/messenger/`: this script lies in `assets/` below it. */
export const ROOT = import.meta.env.DEV
  ? new URL('/', location.href)
  : new URL(/* @vite-ignore */ '../', import.meta.url);
