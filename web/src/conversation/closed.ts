import type { ShownChat } from 'messenger-client';
import type { Texts } from '../texts/index.js';

/** Why the user can't write in a chat; undefined: they can. */
export function closedReason(info: ShownChat, texts: Texts): string | undefined {
  if (!info.own_rights.includes('send'))
    return info.own_role === 'reader' ? texts.closedToReaders : texts.closedToMembers;
  return info.frozen_at !== null && !info.own_rights.includes('slow_exempt') ? texts.problems.CHAT_FROZEN : undefined;
}
