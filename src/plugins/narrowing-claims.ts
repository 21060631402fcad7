import type { Narrowing } from '../shared/narrowing.js';

/** The type of narrowed tokens, of its own: a server that is too old to know what they are narrowed to refuses it. */
export const NARROWED_TYPE = 'narrowed-at+jwt';

interface Claims {
  readonly chats?: unknown;
  /** `read`; not there: they are whole. */
  readonly rights?: unknown;
}

export function claimsOf(narrowing: Narrowing | undefined): Claims {
  if (!narrowing) return {};
  const { chats, rights } = narrowing;
  return { ...(chats && { chats: [...chats] }), ...(rights === 'read' && { rights }) };
}

/** @returns undefined: the token is not narrowed; null: the claims can't be read. */
export function narrowingOf({ chats, rights }: Claims): Narrowing | undefined | null {
  if (chats === undefined && rights === undefined) return undefined;
  if (chats !== undefined && !(Array.isArray(chats) && chats.every((id) => Number.isSafeInteger(id)))) return null;
  if (rights !== undefined && rights !== 'read') return null;
  return { chats: chats && new Set(chats as number[]), rights: rights ?? 'write' };
}
