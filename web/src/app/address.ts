import { useEffect, useReducer } from 'preact/hooks';
import { ROOT } from './root.js';

const CHANGED = 'messenger:address';

/** The path below the root without its first slash: `c/6`. */
export function currentPath(): string {
  return location.pathname.startsWith(ROOT.pathname) ? location.pathname.slice(ROOT.pathname.length) : '';
}

export function hrefOf(path: string): string {
  return ROOT.pathname + path;
}

/** Shows another page. @param isInPlace leaves the present one out of the browser's history. */
export function go(path: string, { isInPlace = false } = {}): void {
  const href = hrefOf(path);
  if (location.pathname === href && location.search === '') return;
  if (isInPlace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  dispatchEvent(new Event(CHANGED));
}

export function usePath(): string {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const update = () => redraw(undefined);
    addEventListener('popstate', update);
    addEventListener(CHANGED, update);
    return () => {
      removeEventListener('popstate', update);
      removeEventListener(CHANGED, update);
    };
  }, []);
  return currentPath();
}
