import type { ShownChat } from 'messenger-client';
import { useRef } from 'preact/hooks';

/**
 * Chats in the order in which they are shown: while the pointer is over the list, chats keep their places, so that none moves
 * away under it. What is new to the list is put where it belongs.
 */
export function useCalmOrder(chats: readonly ShownChat[], isCalm: boolean): readonly ShownChat[] {
  const shown = useRef<readonly number[]>([]);
  let result = chats;
  if (isCalm && shown.current.length > 0) {
    const byId = new Map(chats.map((chat) => [chat.id, chat]));
    const known = shown.current.flatMap((id) => byId.get(id) ?? []);
    for (const { id } of known) byId.delete(id);
    result = [...byId.values(), ...known];
  }
  shown.current = result.map(({ id }) => id);
  return result;
}
