import { useId, useState } from 'preact/hooks';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Dialog } from '../ui/dialog.js';
import { Icon, type IconName } from '../ui/icon.js';
import { useClient } from './account-context.js';
import { go } from './address.js';
import { useView } from './use-view.js';

const SHOWN = 8;

interface Target {
  readonly to: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly avatar?: { readonly id: number; readonly url: string | null };
}

/** Goes to a chat or a page by a few letters of its name. */
export function Switcher({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const { chats, archived } = useView(useClient().chats);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();

  const pages: readonly Target[] = [
    { to: 'new', label: texts.newChat, icon: 'pencil' },
    { to: 'threads', label: texts.threads, icon: 'thread' },
    { to: 'settings', label: texts.settings, icon: 'gear' },
    { to: 'archive', label: texts.archived, icon: 'archive' },
  ];
  const wanted = text.trim().toLocaleLowerCase();
  const targets = [
    ...[...chats, ...archived].map((chat): Target => {
      const shown = chat.peer ?? chat;
      return { to: `c/${chat.id}`, label: chat.title, avatar: { id: shown.id, url: shown.avatar_url } };
    }),
    ...pages,
  ].filter(({ label }) => label.toLocaleLowerCase().includes(wanted));
  // What begins with the letters comes first.
  const begins = ({ label }: Target) => Number(!label.toLocaleLowerCase().startsWith(wanted));
  const shown = (wanted === '' ? targets : targets.sort((one, other) => begins(one) - begins(other))).slice(0, SHOWN);

  const choose = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    go(target.to);
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
    <Dialog label={texts.goTo} onClose={onClose}>
      <div class="filter">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          autoFocus
          dir="auto"
          aria-label={texts.goTo}
          placeholder={texts.goTo}
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
      <ul id={id} class="targets" role="listbox" aria-label={texts.goTo}>
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
