import type { Caller } from '../data/cast.js';
import { signIn } from '../data/tokens.js';
import { WORLD } from '../data/world.js';
import { send, type Request } from '../requests.js';
import { SECRET } from '../servers/messenger.js';

/** A chat, those in it who are online, and those of them who write. */
export interface Audience {
  readonly chatId: number;
  readonly members: readonly Caller[];
  readonly authors: readonly Caller[];
}

/** @param users how many there are in the database: with fewer, not every audience can be had. */
export async function audienceOf(size: number, users: number): Promise<Audience | undefined> {
  const crowd = WORLD.crowds.find(({ people }) => people >= size);
  if (size > 2 && (!crowd || WORLD.firstOfCrowd + size > users)) return undefined;
  const authorCount = Math.min(size, WORLD.authors);
  const authorIds = ids(WORLD.firstAuthor, authorCount);
  const members = await signIn([...authorIds, ...ids(WORLD.firstOfCrowd, size - authorCount)], SECRET);
  return { chatId: crowd && size > 2 ? crowd.chatId : WORLD.pairChat, members, authors: members.slice(0, authorCount) };
}

/** A message of each author. */
export function messagesTo({ authors, chatId }: Audience): Request[] {
  return authors.map((author) => send(author, chatId));
}

function ids(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
