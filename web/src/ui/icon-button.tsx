import type { ButtonHTMLAttributes } from 'preact';
import { Icon, type IconName } from './icon.js';

type Props = Omit<ButtonHTMLAttributes, 'icon'> & { readonly icon: IconName; readonly label: string };

export function IconButton({ icon, label, class: className, ...rest }: Props) {
  return (
    <button
      type="button"
      class={`icon-button ${typeof className === 'string' ? className : ''}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
