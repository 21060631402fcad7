import type { ComponentChildren } from 'preact';

interface Props {
  readonly title: string;
  readonly text?: string;
  /** Whether it is the page itself, and not a part of it. */
  readonly isPage?: boolean;
  readonly children?: ComponentChildren;
}

/** A place that has nothing in it yet: what one can do next. */
export function Empty({ title, text, isPage = false, children }: Props) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div class="empty">
      <Heading>{title}</Heading>
      {text !== undefined && <p>{text}</p>}
      {children}
    </div>
  );
}
