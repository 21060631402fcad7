import type { Entry } from '../client/journal.js';
import { isoTime } from '../clock.js';

export type Received = Extract<Entry, { kind: 'received' }>;

export function describeEvent({ type, chatId, pts, at }: Received): string {
  return `${type} ${pts ?? ''} of chat ${chatId} at ${isoTime(at)}`;
}

/** Whether it says that the user is out of the chat. */
export function isRemovalOf(userId: number, { type, removedId }: Received): boolean {
  return type === 'participant.removed' && removedId === userId;
}
