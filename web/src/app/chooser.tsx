import { useId, useState } from 'preact/hooks';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Dialog } from '../ui/dialog.js';
import { Icon, type IconName } from '../ui/icon.js';
import { useClient } from './account-context.js';
import { useView } from './use-view.js';

const SHOWN = 8;

/** A chat, by its id, or another thing to choose. */
export interface Target {
  readonly to: string;
  readonly label: string;
  readonly chatId?: number;
  readonly icon?: IconName;
  readonly avatar?: { readonly id: number; readonly url: string | null };
}

interface Props {
  readonly label: string;
  /** What there is beside chats. */
  readonly others?: readonly Target[];
  readonly onChoose: (target: Target) => void;
  readonly onClose: () => void;
}

/** Chooses a chat by a few letters of its name. */
export function Chooser({ label, others = [], onChoose, onClose }: Props) {
  const texts = useTexts();
  const { chats, archived } = useView(useClient().chats);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();

  const wanted = text.trim().toLocaleLowerCase();
  const targets = [
    ...[...chats, ...archived].map((chat): Target => {
      const shown = chat.peer ?? chat;
      const avatar = { id: shown.id, url: shown.avatar_url };
      return { to: `c/${chat.id}`, chatId: chat.id, label: chat.title, avatar };
    }),
    ...others,
  ].filter((target) => target.label.toLocaleLowerCase().includes(wanted));
  // What begins with the letters comes first.
  const begins = (target: Target) => Number(!target.label.toLocaleLowerCase().startsWith(wanted));
  const shown = (wanted === '' ? targets : targets.sort((one, other) => begins(one) - begins(other))).slice(0, SHOWN);

  const choose = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    onChoose(target);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') {
      event.preventDefault();
      choose(shown[active]);
    } else if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      setActive((active + step + shown.length) % shown.length);
    }
  };

  return (
    <Dialog label={label} onClose={onClose}>
      <div class="filter">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          autoFocus
          dir="auto"
          aria-label={label}
          placeholder={label}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={shown[active] && `${id}-${active}`}
          autocomplete="off"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={press}
        />
      </div>
      <ul id={id} class="targets" role="listbox" aria-label={label}>
        {shown.map((target, place) => (
          <li
            key={target.to}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === active}
            onPointerMove={() => setActive(place)}
            onClick={() => choose(target)}
          >
            {target.avatar ? (
              <Avatar id={target.avatar.id} name={target.label} url={target.avatar.url} />
            ) : (
              <span class="avatar avatar-page">{target.icon && <Icon name={target.icon} />}</span>
            )}
            <bdi>{target.label}</bdi>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p class="hint">{texts.nothingFound}</p>}
    </Dialog>
  );
}
