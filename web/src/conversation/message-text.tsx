import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../texts/index.js';
import { piecesOf, type Piece } from './formatting.js';
import { isNamed, type Mentions } from './mentions.js';

/** Shorter texts never fill 20 lines. */
const MAY_BE_LONG = 400;
const LINES = 20;
const EMOJI_ONLY = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\u200D|\p{Emoji_Modifier}){1,9}$/u;

interface Props {
  readonly contents: string;
  readonly mentions: Mentions;
  /** What a mention is called, and whether it is of the user. */
  readonly nameOf: (whom: string) => string;
  readonly isMe: (whom: string) => boolean;
}

function Shown({ pieces, ...props }: Omit<Props, 'contents'> & { readonly pieces: readonly Piece[] }) {
  return (
    <>
      {pieces.map((piece): ComponentChildren => {
        if (typeof piece === 'string') return piece;
        const inner = 'parts' in piece && <Shown {...props} pieces={piece.parts} />;
        switch (piece.kind) {
          case 'strong':
            return <strong>{inner}</strong>;
          case 'em':
            return <em>{inner}</em>;
          case 'del':
            return <del>{inner}</del>;
          case 'quote':
            return <blockquote>{inner}</blockquote>;
          case 'code':
            return <code>{piece.text}</code>;
          case 'block':
            return <pre dir="ltr">{piece.text}</pre>;
          case 'link':
            return (
              <a href={piece.text} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
                {piece.text}
              </a>
            );
          case 'mention': {
            const { whom } = piece;
            if (!isNamed(props.mentions, whom)) return `<@${whom}>`;
            return (
              <span class={props.isMe(whom) ? 'mention mention-me' : 'mention'}>
                @<bdi>{props.nameOf(whom)}</bdi>
              </span>
            );
          }
        }
      })}
    </>
  );
}

/** What a message says. A long text is folded until one wants to see it. */
export function MessageText(props: Props) {
  const { contents } = props;
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
        <Shown {...props} pieces={piecesOf(contents)} />
      </div>
      {isLong && (
        <button type="button" class="text-button" aria-expanded={!isFolded} onClick={() => setFolded(!isFolded)}>
          {isFolded ? texts.showAll : texts.showLess}
        </button>
      )}
    </>
  );
}
