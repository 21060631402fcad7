import { go } from '../app/address.js';
import { useTexts } from '../texts/index.js';
import { IconButton } from './icon-button.js';

interface Props {
  readonly title: string;
  /** Where one comes from. */
  readonly backTo?: string;
  readonly isCross?: boolean;
}

/** The head of what is shown beside the list: what it is, and the way back. */
export function PanelHead({ title, backTo = '', isCross = false }: Props) {
  const texts = useTexts();
  return (
    <div class="bar">
      <IconButton
        icon={isCross ? 'close' : 'back'}
        label={isCross ? texts.close : texts.back}
        onClick={() => go(backTo)}
      />
      <h1 class="bar-title" tabIndex={-1}>
        {title}
      </h1>
    </div>
  );
}
