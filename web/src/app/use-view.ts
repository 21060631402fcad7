import type { View } from 'messenger-client';
import { useLayoutEffect, useReducer } from 'preact/hooks';

/** How a view is now; the component is drawn again when it changes. */
export function useView<T>(view: View<T>): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const shown = view.getSnapshot();
  useLayoutEffect(() => {
    const update = () => redraw(undefined);
    const end = view.subscribe(update);
    // It may have changed between drawing and now.
    if (view.getSnapshot() !== shown) update();
    return end;
  }, [view]);
  return shown;
}
