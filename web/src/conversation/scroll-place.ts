import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { isWriting } from '../app/is-writing.js';
import type { ListedMessages } from './listed-messages.js';

/** As high as a message is as long as nobody has drawn it. */
const ROW_PX = 48;
/** The lowest that a message is. */
const LOWEST_PX = 36;
/** By so many messages what is drawn grows, before one gets there. */
const STEP = 20;
const NEAR_END_PX = 48;
/** Older ones are asked for before one gets there. */
const OLDER_AT = 40;
const OLDER_COUNT = 100;
const RETRY_MS = 3000;
/** Where what is unread begins: below some of what was read. */
const UNREAD_AT_PX = 96;
const SETTLED_MS = 1500;

interface Anchor {
  readonly key: string;
  /** Below the upper edge of what can be seen. */
  readonly offset: number;
}

interface Range {
  start: number;
  end: number;
  /** The id of the first one that is drawn: where it is when older ones have come before it. */
  startId: number | null;
}

/** So many messages fill the window, whatever they say. */
function drawn(): number {
  return Math.ceil(innerHeight / LOWEST_PX) + STEP / 2;
}

function rowsOf(scroller: HTMLElement): HTMLElement[] {
  return [...scroller.querySelectorAll<HTMLElement>('[data-key]')];
}

/**
 * Of a chat of any length it draws what is near the place under the eyes, and keeps that place where it is, whatever is drawn or
 * arrives above it. At the end it stays at the end.
 */
export function useScrollPlace(
  scroller: RefObject<HTMLElement | null>,
  list: ListedMessages,
  loadOlder: (count?: number) => Promise<void>,
  /** Where to begin, when it is not at the end. */
  firstUnread: () => number | undefined,
  onSeen: (lastPlace: number) => void,
) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const range = useRef<Range>({ start: 0, end: 0, startId: null });
  const isAtEnd = useRef(true);
  const anchor = useRef<Anchor | undefined>(undefined);
  const hasBegun = useRef(false);
  /** Until one scrolls, or all of the window is there, it stays at what is unread. */
  const isSettling = useRef(false);
  const shownList = useRef<ListedMessages | undefined>(undefined);
  const failedAt = useRef(0);
  const { length } = list;

  const show = useCallback((list: ListedMessages, start: number, end: number) => {
    const from = Math.max(0, Math.min(start, list.length - 1));
    range.current = { start: from, end: Math.min(list.length, end), startId: list.at(from)?.id ?? null };
  }, []);

  const begin = (unread: number) => {
    isAtEnd.current = false;
    isSettling.current = true;
    show(list, unread - STEP, unread + drawn());
    anchor.current = { key: list.at(unread)?.key ?? '', offset: UNREAD_AT_PX };
  };
  if (!hasBegun.current && length > 0) {
    hasBegun.current = true;
    const unread = firstUnread();
    if (unread === undefined) show(list, length - drawn(), length);
    else begin(unread);
  } else if (isSettling.current && shownList.current !== list) {
    begin(firstUnread() ?? length - 1);
  } else if (shownList.current !== list) {
    const { start, end, startId } = range.current;
    if (isAtEnd.current) show(list, Math.max(length - 2 * drawn(), Math.min(start, length - drawn())), length);
    else {
      const place = startId === null ? -1 : list.indexOf(startId);
      const moved = place < 0 ? 0 : place - start;
      show(list, start + moved, end + moved);
    }
  }
  shownList.current = list;

  const remember = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { top, bottom } = element.getBoundingClientRect();
    isAtEnd.current =
      range.current.end >= (shownList.current?.length ?? 0) &&
      element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    const rows = rowsOf(element);
    const first = rows.find((row) => row.getBoundingClientRect().bottom > top);
    anchor.current = first?.dataset.key
      ? { key: first.dataset.key, offset: first.getBoundingClientRect().top - top }
      : undefined;
    const seen = rows.findLastIndex((row) => row.getBoundingClientRect().top < bottom - 8);
    if (seen >= 0) onSeen(range.current.start + seen);
  }, [scroller, onSeen]);

  /** Draws what has come near. */
  const follow = useCallback(() => {
    const [element, list] = [scroller.current, shownList.current];
    if (!element || !list || list.length === 0) return;
    const wasAtEnd = isAtEnd.current;
    remember();
    const { start, end } = range.current;
    const rows = rowsOf(element);
    const box = element.getBoundingClientRect();
    const above = box.top - (rows[0]?.getBoundingClientRect().top ?? box.top);
    const below = (rows.at(-1)?.getBoundingClientRect().bottom ?? box.bottom) - box.bottom;
    const isElsewhere = above < -box.height || below < -box.height;
    if (isElsewhere && (start > 0 || end < list.length)) {
      const place = Math.floor(element.scrollTop / ROW_PX);
      anchor.current = undefined;
      show(list, place - STEP, place - STEP + drawn());
      redraw(undefined);
    } else if (above < box.height && start > 0) {
      show(list, start - STEP, Math.min(end, start - STEP + 2 * drawn()));
      redraw(undefined);
    } else if (below < box.height && end < list.length) {
      show(list, Math.max(start, end + STEP - 2 * drawn()), end + STEP);
      redraw(undefined);
    } else if (wasAtEnd !== isAtEnd.current) redraw(undefined);
    const isWorthIt = Date.now() - failedAt.current > RETRY_MS;
    if (range.current.start < OLDER_AT && list.hasOlder && !list.isLoading && isWorthIt) {
      loadOlder(OLDER_COUNT).catch(() => {
        failedAt.current = Date.now();
      });
    }
  }, [scroller, loadOlder, remember, show]);

  /** Once in a frame, however much was scrolled and drawn in it. */
  const frame = useRef<number | undefined>(undefined);
  const followSoon = useCallback(() => {
    frame.current ??= requestAnimationFrame(() => {
      frame.current = undefined;
      follow();
    });
  }, [follow]);

  // After each drawing, before it is seen.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !hasBegun.current) return;
    if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    else if (anchor.current) {
      const { key, offset } = anchor.current;
      const row = element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      const moved = row && row.getBoundingClientRect().top - element.getBoundingClientRect().top - offset;
      if (moved) element.scrollTop += moved;
    }
    const wasAtEnd = isAtEnd.current;
    remember();
    // What is unread may be all in sight: then there is nowhere to jump to.
    if (wasAtEnd !== isAtEnd.current) redraw(undefined);
    followSoon();
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    element.addEventListener('scroll', followSoon, { passive: true });
    // When the composer grows or a keyboard opens, and when a text is unfolded.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    const settle = () => {
      isSettling.current = false;
    };
    const hands = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
    for (const hand of hands) element.addEventListener(hand, settle, { passive: true });
    const timer = setTimeout(settle, SETTLED_MS);
    const look = () => remember();
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      element.removeEventListener('scroll', followSoon);
      cancelAnimationFrame(frame.current ?? 0);
      frame.current = undefined;
      for (const hand of hands) element.removeEventListener(hand, settle);
      clearTimeout(timer);
      observer.disconnect();
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [scroller, followSoon, remember]);

  const toEnd = useCallback(() => {
    const list = shownList.current;
    if (!list) return;
    isAtEnd.current = true;
    isSettling.current = false;
    show(list, list.length - drawn(), list.length);
    redraw(undefined);
  }, [show]);

  const toPlace = useCallback(
    (place: number) => {
      const list = shownList.current;
      const key = list?.at(place)?.key;
      if (!list || key === undefined) return;
      isAtEnd.current = isSettling.current = false;
      show(list, place - STEP, place + drawn());
      anchor.current = { key, offset: UNREAD_AT_PX };
      redraw(undefined);
      requestAnimationFrame(() => {
        // The place may have been far back, and somebody has gone on writing meanwhile.
        if (isWriting(document.activeElement)) return;
        scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
      });
    },
    [scroller, show],
  );

  const { start, end } = range.current;
  return {
    start,
    end,
    above: start * ROW_PX,
    below: (length - end) * ROW_PX,
    isAtEnd: isAtEnd.current,
    toEnd,
    /** To a message further back, by its place in the list. */
    toPlace,
  };
}
