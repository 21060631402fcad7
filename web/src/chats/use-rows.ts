import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Rows above and below of what can be seen, so that a quick hand meets no empty place. */
const SPARE = 8;

export interface Rows {
  readonly start: number;
  readonly end: number;
}

/** Which of many rows of one height are near the part of a list that can be seen. */
export function useRows(scroller: RefObject<HTMLElement | null>, count: number, rowPx: number): Rows {
  const [first, setFirst] = useState(0);
  const [visible, setVisible] = useState(30);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const update = () => {
      setFirst(Math.floor(element.scrollTop / rowPx));
      setVisible(Math.ceil(element.clientHeight / rowPx));
    };
    update();
    element.addEventListener('scroll', update, { passive: true });
    const observer = new ResizeObserver(update);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', update);
      observer.disconnect();
    };
  }, [scroller, rowPx]);
  // In steps: not each pixel draws anew.
  const start = Math.max(0, Math.floor((first - SPARE) / SPARE) * SPARE);
  return { start: Math.min(start, count), end: Math.min(count, start + visible + 3 * SPARE) };
}
