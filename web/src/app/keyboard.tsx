import { useLayoutEffect, useState } from 'preact/hooks';
import { useClient } from './account-context.js';
import { go } from './address.js';
import { isWriting } from './is-writing.js';
import { KeysHelp } from './keys-help.js';
import type { Place } from './place.js';
import { Switcher } from './switcher.js';

/** Esc first empties a search. */
function isFilledSearch(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'search' && target.value !== '';
}

/** Where Esc leads: out of the innermost. */
function outOf(place: Place): string {
  const isBeside = place.page === 'chat' && (place.hasDetails || place.threadId !== undefined);
  return isBeside ? `c/${place.chatId}` : '';
}

/** Keys that work wherever one is. */
export function Keyboard({ place }: { readonly place: Place }) {
  const client = useClient();
  const [shown, setShown] = useState<'switcher' | 'help'>();

  // With what is shown: a key that is pressed then is not lost.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const isCommand = event.ctrlKey || event.metaKey;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (isCommand && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setShown('switcher');
      } else if (event.key === '?' && !isCommand && !isWriting(event.target)) {
        event.preventDefault();
        setShown('help');
      } else if (event.altKey && step !== undefined) {
        event.preventDefault();
        const { chats } = client.chats.getSnapshot();
        const at = place.page === 'chat' ? chats.findIndex(({ id }) => id === place.chatId) : -1;
        const next = chats[Math.max(0, at + step)];
        if (next) go(`c/${next.id}`);
      } else if (
        event.key === 'Escape' &&
        !isFilledSearch(event.target) &&
        !document.querySelector('dialog[open], :popover-open')
      ) {
        if (place.page !== 'chats') go(outOf(place));
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [client, place]);

  const close = () => setShown(undefined);
  if (shown === 'switcher') return <Switcher onClose={close} />;
  return shown === 'help' ? <KeysHelp onClose={close} /> : null;
}
