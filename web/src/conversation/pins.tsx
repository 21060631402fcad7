import type { ShownChat } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { usePins } from './use-pins.js';

interface Props {
  readonly info: ShownChat;
  readonly textOf: (contents: string) => string;
  readonly nameOf: (userId: number) => string;
  readonly onOpen: (id: number) => void;
}

/** The pinned messages: the newest one, and with each press the one before. */
export function Pins({ info, textOf, nameOf, onOpen }: Props) {
  const texts = useTexts();
  const pins = usePins(useClient(), info);
  const [place, setPlace] = useState(0);
  const [isListed, setListed] = useState(false);
  const at = place % Math.max(1, pins.length);
  const shown = pins[at];
  if (!shown) return null;
  return (
    <section class="pins" aria-label={texts.pinnedMessages}>
      <button
        type="button"
        class="pins-shown"
        onClick={() => {
          onOpen(shown.id);
          setPlace(at + 1);
        }}
      >
        <Icon name="pin" />
        <span>
          <strong>{texts.pinnedOf(at + 1, pins.length)}</strong> <bdi>{textOf(shown.contents)}</bdi>
        </span>
      </button>
      <IconButton icon="more" label={texts.allPins} onClick={() => setListed(true)} />
      {isListed && (
        <Dialog label={texts.pinnedMessages} onClose={() => setListed(false)}>
          <ul class="targets">
            {pins.map(({ id, author_id, contents }) => (
              <li key={id}>
                <button
                  type="button"
                  class="pins-listed"
                  onClick={() => {
                    setListed(false);
                    onOpen(id);
                  }}
                >
                  <strong>
                    <bdi>{nameOf(author_id)}</bdi>
                  </strong>
                  <bdi>{textOf(contents)}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </section>
  );
}
