import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListedMessages } from './listed-messages.js';

interface Props {
  readonly list: ListedMessages;
  readonly me: number;
  readonly nameOf: (userId: number) => string;
  readonly textOf: (contents: string) => string;
}

/** Tells a screen reader of messages that arrive; those of older pages are read where they stand. */
export function Announcer({ list, me, nameOf, textOf }: Props) {
  const [said, setSaid] = useState('');
  const newest = useRef<number | undefined>(undefined);
  let last: ReturnType<ListedMessages['at']>;
  for (let place = list.length - 1; place >= 0 && !last; place--) {
    const message = list.at(place);
    if (typeof message?.id === 'number') last = message;
  }
  const id = last?.id ?? undefined;
  useEffect(() => {
    if (id === undefined || !last) return;
    const before = newest.current;
    newest.current = id;
    if (before === undefined || id <= before || last.author_id === me) return;
    setSaid(`${nameOf(last.author_id)}: ${textOf(last.contents)}`);
  }, [id]);
  return (
    <div class="hidden" aria-live="polite">
      {said}
    </div>
  );
}
