import { useRef } from 'preact/hooks';

const LEAST_PX = 80;
/** From further in, a swipe is a selection or scrolls something. */
const EDGE_PX = 40;

/** On phones, a swipe from the edge where a line begins leads back. */
export function useSwipeBack() {
  const start = useRef<Touch | undefined>(undefined);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0];
      const isRtl = document.documentElement.dir === 'rtl';
      const fromEdge = touch && (isRtl ? innerWidth - touch.clientX : touch.clientX);
      start.current = fromEdge !== undefined && fromEdge < EDGE_PX ? touch : undefined;
    },
    onTouchEnd: (event: TouchEvent) => {
      const [from, to] = [start.current, event.changedTouches[0]];
      start.current = undefined;
      if (!from || !to) return;
      const across = Math.abs(to.clientX - from.clientX);
      if (across > LEAST_PX && across > 2 * Math.abs(to.clientY - from.clientY)) history.back();
    },
  };
}
