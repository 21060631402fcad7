import type { ComponentChildren } from 'preact';
import { go } from '../app/address.js';
import { useTexts } from '../texts/index.js';
import { IconButton } from './icon-button.js';

interface Props {
  readonly title: string;
  /** Below the title, what it belongs to. */
  readonly note?: string;
  /** Where one comes from. */
  readonly backTo?: string;
  readonly isCross?: boolean;
  /** What one does with it. */
  readonly children?: ComponentChildren;
}

/** The head of what is shown beside the list: what it is, and the way back. */
export function PanelHead({ title, note, backTo = '', isCross = false, children }: Props) {
  const texts = useTexts();
  return (
    <div class="bar">
      <IconButton
        icon={isCross ? 'close' : 'back'}
        label={isCross ? texts.close : texts.back}
        onClick={() => go(backTo)}
      />
      <div class="bar-titles">
        <h1 class="bar-title" tabIndex={-1}>
          {title}
        </h1>
        {note !== undefined && (
          <p class="bar-line">
            <bdi>{note}</bdi>
          </p>
        )}
      </div>
      {children}
    </div>
  );
}
