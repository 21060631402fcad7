import type { TargetedKeyboardEvent } from 'preact';
import { Icon } from './icon.js';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLInputElement>) => void;
  readonly autocapitalize?: 'none';
  readonly autocomplete?: 'off';
  readonly spellcheck?: boolean;
}

/** Where one types what is looked for. */
export function SearchField({ label, onText, ...rest }: Props) {
  return (
    <div class="filter">
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        dir="auto"
        onInput={(event) => onText(event.currentTarget.value)}
        {...rest}
      />
    </div>
  );
}
