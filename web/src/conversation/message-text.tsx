import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../texts/index.js';

/** Blocks and pieces of code, and addresses. Everything else is text, whatever it looks like. */
const PARTS = /```\n?([^]+?)\n?```|`([^`\n]+)`|(https?:\/\/[^\s<>"'`]+)/g;
/** What ends a sentence does not belong to the address before it. */
const PUNCTUATION = /[.,:;!?…،؛؟]+$/u;
/** Shorter texts never fill 20 lines. */
const MAY_BE_LONG = 400;
const LINES = 20;
const EMOJI_ONLY = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\u200D|\p{Emoji_Modifier}){1,9}$/u;

function withoutTail(address: string): string {
  const end = address.replace(PUNCTUATION, '');
  // "(see https://example.com/a_(b))": a bracket that was opened outside is not part of it.
  return end.endsWith(')') && !end.includes('(') ? end.slice(0, -1) : end;
}

function isAddress(text: string): boolean {
  return URL.canParse(text);
}

function partsOf(contents: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of contents.matchAll(PARTS)) {
    const [whole, block, code, found] = match;
    const address = found === undefined ? undefined : withoutTail(found);
    if (address !== undefined && !isAddress(address)) continue;
    parts.push(contents.slice(end, match.index));
    end = match.index + (address ?? whole).length;
    if (block !== undefined) parts.push(<pre dir="ltr">{block}</pre>);
    else if (code !== undefined) parts.push(<code>{code}</code>);
    else if (address !== undefined) {
      parts.push(
        <a href={address} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
          {address}
        </a>,
      );
    }
  }
  parts.push(contents.slice(end));
  return parts;
}

/** What a message says. A long text is folded until one wants to see it. */
export function MessageText({ contents }: { readonly contents: string }) {
  const texts = useTexts();
  const [isFolded, setFolded] = useState(true);
  const [isLong, setLong] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const mayBeLong = contents.length > MAY_BE_LONG || contents.split('\n').length > LINES;

  useLayoutEffect(() => {
    const { scrollHeight = 0, clientHeight = 0 } = element.current ?? {};
    if (mayBeLong && isFolded) setLong(scrollHeight > clientHeight + 1);
  }, [contents, mayBeLong, isFolded]);

  return (
    <>
      <div
        ref={element}
        dir="auto"
        class={`text${mayBeLong && isFolded ? ' text-folded' : ''}${EMOJI_ONLY.test(contents) ? ' text-emoji' : ''}`}
      >
        {partsOf(contents)}
      </div>
      {isLong && (
        <button type="button" class="text-button" aria-expanded={!isFolded} onClick={() => setFolded(!isFolded)}>
          {isFolded ? texts.showAll : texts.showLess}
        </button>
      )}
    </>
  );
}
