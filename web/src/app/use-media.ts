import { useEffect, useReducer } from 'preact/hooks';

/** Whether the window is like that; the component is drawn again when that changes. */
export function useMedia(query: string): boolean {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => redraw(undefined);
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, [query]);
  return matchMedia(query).matches;
}
