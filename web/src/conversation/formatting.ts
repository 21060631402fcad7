/** A part of a message: a text, or something that is shown in a way of its own. */
export type Piece =
  | string
  | { readonly kind: 'strong' | 'em' | 'del' | 'quote'; readonly parts: readonly Piece[] }
  | { readonly kind: 'code' | 'block' | 'link'; readonly text: string }
  /** A user by their id, all, or a role. */
  | { readonly kind: 'mention'; readonly whom: string };

type Mark = '**' | '*' | '_' | '~~';

const KINDS = { '**': 'strong', '*': 'em', _: 'em', '~~': 'del' } as const;

const BLOCKS = /```\n?([^]+?)\n?```|((?:^> ?[^\n]*(?:\n|$))+)/gm;
const TOKENS =
  /\\([*_~`\\<>])|`([^`\n]+)`|(https?:\/\/[^\s<>"'`]+)|<@([1-9]\d{0,15}|all|owner|admin|moderator)>|(\*\*|~~|__+|[*_])|\n/g;
/** What ends a sentence, or a mark, does not belong to the address before it. */
const TAIL = /[.,:;!?…،؛؟*~]$/u;
const WORD = /[\p{L}\p{N}]/u;
const SPACE = /\s/;
/** So many marks inside of others. */
const DEEPEST = 8;

interface Open {
  readonly mark: Mark;
  readonly parts: Piece[];
}

function withoutTail(address: string): string {
  let end = address;
  while (TAIL.test(end)) end = end.slice(0, -1);
  // "(see https://example.com/a_(b))": a bracket that was opened outside is not part of it.
  return end.endsWith(')') && !end.includes('(') ? end.slice(0, -1) : end;
}

/** Reads lines. Marks that do not end in their line are text. */
function inline(text: string): Piece[] {
  const parts: Piece[] = [];
  const open: Open[] = [];
  const put = (...pieces: readonly Piece[]) => {
    (open.at(-1)?.parts ?? parts).push(...pieces.filter((piece) => piece !== ''));
  };
  const unfold = (down: number) => {
    while (open.length > down) {
      const last = open.pop();
      if (last) put(last.mark, ...last.parts);
    }
  };
  const turn = (mark: Mark, before: string, after: string) => {
    const isBeside = (character: string) => mark === '_' && WORD.test(character);
    const place = open.findLastIndex((each) => each.mark === mark);
    if (place >= 0 && before !== '' && !SPACE.test(before) && !isBeside(after)) {
      unfold(place + 1);
      const closed = open.pop();
      if (closed?.parts.length) put({ kind: KINDS[mark], parts: closed.parts });
      else put(mark, mark);
    } else if (after !== '' && !SPACE.test(after) && !isBeside(before) && open.length < DEEPEST) {
      open.push({ mark, parts: [] });
    } else put(mark);
  };
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, escaped, code, found, whom, mark] = match;
    // What stands in an address is part of it.
    if (match.index < end) continue;
    put(text.slice(end, match.index));
    end = match.index + whole.length;
    if (escaped !== undefined) put(escaped);
    else if (code !== undefined) put({ kind: 'code', text: code });
    else if (found !== undefined) {
      const address = withoutTail(found);
      put(URL.canParse(address) ? { kind: 'link', text: address } : address);
      // What was cut off may be a mark.
      const tail = inlineTail(found.slice(address.length));
      for (const piece of tail) {
        if (piece in KINDS) turn(piece as Mark, address.at(-1) ?? '', text.charAt(end));
        else put(piece);
      }
    } else if (whom !== undefined) put({ kind: 'mention', whom });
    else if (mark?.startsWith('__')) put(mark);
    else if (mark !== undefined) turn(mark as Mark, text.charAt(match.index - 1), text.charAt(end));
    else {
      unfold(0);
      put('\n');
    }
  }
  put(text.slice(end));
  unfold(0);
  return parts;
}

function inlineTail(tail: string): string[] {
  return tail.match(/\*\*|~~|[^]/gu) ?? [];
}

/** What contents show, as docs/formatting.md has it. */
export function piecesOf(contents: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of contents.matchAll(BLOCKS)) {
    const [whole, block, quote] = match;
    pieces.push(...inline(contents.slice(end, match.index)));
    end = match.index + whole.length;
    if (block !== undefined) pieces.push({ kind: 'block', text: block });
    else if (quote !== undefined) {
      pieces.push({ kind: 'quote', parts: inline(quote.replace(/^> ?/gm, '').replace(/\n$/, '')) });
    }
  }
  pieces.push(...inline(contents.slice(end)));
  return pieces;
}

/** The same as a text, for lines that show no more. */
export function plainTextOf(contents: string, nameOf: (whom: string) => string | undefined): string {
  const textOf = (piece: Piece): string => {
    if (typeof piece === 'string') return piece;
    if ('parts' in piece) return piece.parts.map(textOf).join('') + (piece.kind === 'quote' ? '\n' : '');
    if (piece.kind !== 'mention') return piece.text;
    return `@${nameOf(piece.whom) ?? piece.whom}`;
  };
  return piecesOf(contents).map(textOf).join('').trimEnd();
}
