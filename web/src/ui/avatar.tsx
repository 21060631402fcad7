import { useState } from 'preact/hooks';
import { colourOf } from './colour.js';

interface Props {
  readonly id: number;
  readonly name: string;
  readonly url?: string | null | undefined;
  readonly isOnline?: boolean | undefined;
  readonly isLarge?: boolean;
}

function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s_.-]+/u)
    .filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => word?.match(/./su)?.[0] ?? '')
    .join('')
    .toUpperCase();
}

/** A picture of somebody, or their initials on a colour of their own. The name stands beside it. */
export function Avatar({ id, name, url, isOnline = false, isLarge = false }: Props) {
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const isPicture = url !== null && url !== undefined && url !== brokenUrl && url.startsWith('https:');
  return (
    <span class={`avatar avatar-${colourOf(id)}${isLarge ? ' avatar-large' : ''}`} aria-hidden="true">
      {isPicture ? (
        <img src={url} alt="" loading="lazy" referrerpolicy="no-referrer" onError={() => setBrokenUrl(url)} />
      ) : (
        initialsOf(name)
      )}
      {isOnline && <span class="avatar-online" />}
    </span>
  );
}
