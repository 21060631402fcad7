import { chatDoesNotExist, defineError, type ApiError } from './errors.js';

type Rights = 'read' | 'write';

/** What a token is narrowed to: it may do less than its user. */
export interface Narrowing {
  /** undefined: to none in particular. */
  readonly chats: ReadonlySet<number> | undefined;
  readonly rights: Rights;
}

/** What a request or a frame is to narrowed tokens. One that does not say it is not for them. */
export interface NarrowedUse {
  /** What a token must be good for. */
  readonly rights: Rights;
  /**
   * How it keeps to the chats of a token. `named`: it is about one, which it names as `chat_id`. `filtered`: who answers it
   * looks at them. `none`: nothing of a chat is in it. `all`: it is not for tokens that are narrowed to chats.
   */
  readonly chats: 'named' | 'filtered' | 'none' | 'all';
}

export const tokenNarrowed = defineError(403, 'TOKEN_NARROWED', 'The access token is narrowed, and not good for this.');

/**
 * @param chatId what it names as `chat_id`.
 * @returns why a token that is narrowed is not good for it; undefined: it is. A chat that it does not reach is the same as
 *   one in which its user takes no part.
 */
export function refusalOfNarrowed(
  narrowing: Narrowing,
  use: NarrowedUse | undefined,
  chatId: unknown,
): ApiError | undefined {
  const { chats, rights } = narrowing;
  const hasRights = use !== undefined && (rights === 'write' || use.rights === 'read');
  if (!hasRights || (chats && use.chats === 'all')) return tokenNarrowed({ errors: { token: textOf(narrowing) } });
  return chats && use.chats === 'named' && !chats.has(Number(chatId)) ? chatDoesNotExist() : undefined;
}

export function isSameNarrowing(one: Narrowing | undefined, other: Narrowing | undefined): boolean {
  if (!one || !other) return one === other;
  const [first, second] = [one.chats, other.chats];
  if (one.rights !== other.rights || first?.size !== second?.size) return false;
  return [...(first ?? [])].every((chatId) => second?.has(chatId));
}

function textOf({ chats, rights }: Narrowing): string {
  const parts = [...(chats ? [`the chats ${[...chats].join(', ')}`] : []), ...(rights === 'read' ? ['reading'] : [])];
  return `It is narrowed to ${parts.join(' and to ')}.`;
}
