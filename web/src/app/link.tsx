import type { ComponentChildren, TargetedMouseEvent } from 'preact';
import { go, hrefOf } from './address.js';

interface Props {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly title?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-current'?: 'page' | undefined;
  readonly 'data-chat'?: number;
}

/** A link to a page of the messenger: an ordinary one, which can be copied and opened in another tab. */
export function Link({ to, ...rest }: Props) {
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={follow} />;
}
