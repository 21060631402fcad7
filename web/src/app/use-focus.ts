import { useEffect, useRef } from 'preact/hooks';
import type { Place } from './place.js';

/** Where one goes on by keyboard. */
function targetOf(place: Place, leftChat: number | undefined): string {
  switch (place.page) {
    case 'chat':
      return place.hasDetails || place.threadId !== undefined ? '.details h1' : '.bar-who';
    case 'new':
    case 'groups':
      return '.main input[type=search]';
    case 'settings':
    case 'threads':
    case 'invite':
      return '.main h1';
    default:
      return leftChat === undefined ? '.list h1' : `[data-chat="${leftChat}"]`;
  }
}

const MOST_FRAMES = 120;

/** When what had the focus has gone with the page that was left, it is not lost: it is where one goes on. */
export function useFocus(place: Place): void {
  const leftChat = useRef<number | undefined>(undefined);
  const chatId = place.page === 'chat' ? place.chatId : undefined;
  const hasDetails = place.page === 'chat' && place.hasDetails;
  const threadId = place.page === 'chat' ? place.threadId : undefined;
  useEffect(() => {
    // Without a keyboard a focus would only be a frame around something.
    if (!matchMedia('(hover: hover)').matches) return;
    const target = targetOf(place, leftChat.current);
    leftChat.current = chatId ?? leftChat.current;
    let frame = 0;
    const look = (framesLeft: number) => {
      frame = requestAnimationFrame(() => {
        const { activeElement } = document;
        if (activeElement !== null && activeElement !== document.body) return;
        const found = document.querySelector<HTMLElement>(target);
        found?.focus({ preventScroll: true });
        // The code of what is shown may still be loading.
        if (!found && framesLeft > 0) look(framesLeft - 1);
      });
    };
    look(MOST_FRAMES);
    return () => cancelAnimationFrame(frame);
  }, [place.page, chatId, hasDetails, threadId]);
}
