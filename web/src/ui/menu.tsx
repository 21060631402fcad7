import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { IconButton } from './icon-button.js';
import type { IconName } from './icon.js';

export interface MenuItem {
  readonly label: string;
  readonly onChoose: () => void;
  readonly isDanger?: boolean;
  /** Asked before it is done. */
  readonly question?: string;
}

interface Props {
  readonly label: string;
  readonly icon?: IconName;
  readonly items: readonly MenuItem[];
  /** Left out when one tabs through the page: what it belongs to opens it. */
  readonly isQuiet?: boolean;
  /** Beside each other, because they are short. */
  readonly isGrid?: boolean;
}

const GAP_PX = 4;

/** A button with a list of what one can do. The browser closes it: by Esc, or by a press elsewhere. */
export function Menu({ label, icon = 'more', items, isQuiet = false, isGrid = false }: Props) {
  const id = useId();
  const button = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<MenuItem>();

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const follow = (event: Event) => {
      const opens = (event as ToggleEvent).newState === 'open';
      setOpen(opens);
      setAsked(undefined);
    };
    element.addEventListener('beforetoggle', follow);
    return () => element.removeEventListener('beforetoggle', follow);
  }, []);

  useEffect(() => {
    const [place, element] = [button.current?.getBoundingClientRect(), list.current];
    if (!isOpen || !place || !element) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const isBelow = place.bottom + GAP_PX + height < innerHeight;
    const isRtl = document.documentElement.dir === 'rtl';
    const left = isRtl ? place.left : place.right - width;
    element.style.top = `${isBelow ? place.bottom + GAP_PX : Math.max(GAP_PX, place.top - height - GAP_PX)}px`;
    element.style.left = `${Math.min(Math.max(GAP_PX, left), innerWidth - width - GAP_PX)}px`;
    element.querySelector('button')?.focus();
  }, [isOpen, asked]);

  const move = (event: KeyboardEvent) => {
    const isRtl = document.documentElement.dir === 'rtl';
    const across = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 }[event.key];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? (isGrid ? across : undefined);
    if (step === undefined) return;
    event.preventDefault();
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const next = buttons.indexOf(document.activeElement as HTMLButtonElement) + step;
    buttons.at(next % buttons.length)?.focus();
  };

  const choose = (item: MenuItem) => {
    if (item.question !== undefined && asked !== item) {
      setAsked(item);
      return;
    }
    list.current?.hidePopover();
    item.onChoose();
  };

  const shown = asked ? [asked] : items;
  return (
    <div class="menu" ref={button}>
      <IconButton
        icon={icon}
        label={label}
        aria-expanded={isOpen}
        aria-haspopup="menu"
        popovertarget={id}
        tabIndex={isQuiet ? -1 : 0}
      />
      <div
        id={id}
        ref={list}
        popover="auto"
        class={isGrid ? 'menu-list menu-grid' : 'menu-list'}
        role="menu"
        aria-label={label}
        onKeyDown={move}
      >
        {isOpen && asked && <p class="menu-question">{asked.question}</p>}
        {isOpen &&
          shown.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              class={item.isDanger ? 'danger' : undefined}
              onClick={() => choose(item)}
            >
              {item.label}
            </button>
          ))}
      </div>
    </div>
  );
}
