import { chatDoesNotExist, type Context } from '../../changes/index.js';
import type { Narrowing } from '../../shared/narrowing.js';
import { findChatIds } from '../server-chats/index.js';
import type { MintToken } from './server-users.schemas.js';

/**
 * What a new token is to be narrowed to; undefined: to nothing. The user need not take part in the chats yet.
 * @throws CHAT_DOES_NOT_EXIST, which names the chats that there are not.
 */
export async function narrowingFor(
  { db }: Pick<Context, 'db'>,
  { chats: refs, rights = 'write' }: MintToken,
): Promise<Narrowing | undefined> {
  if (!refs) return rights === 'read' ? { chats: undefined, rights } : undefined;
  const found = await findChatIds(db, refs);
  const unknown = refs.filter((ref) => !found.has(ref));
  if (unknown.length > 0) throw chatDoesNotExist({ errors: { chats: `There is no chat ${unknown.join(', ')}.` } });
  return { chats: new Set(found.values()), rights };
}

/** The same as the answer shows it. */
export function shownNarrowing(narrowing: Narrowing | undefined): { chats?: number[]; rights?: 'read' } {
  if (!narrowing) return {};
  const { chats, rights } = narrowing;
  return { ...(chats && { chats: [...chats] }), ...(rights === 'read' && { rights }) };
}
