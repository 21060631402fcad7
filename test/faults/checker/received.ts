import { OWN_LOG, type Entry } from '../../client/journal.js';
import { isoTime } from '../clock.js';

export type Received = Extract<Entry, { kind: 'received' }>;

export function describeEvent({ type, chatId, pts, at }: Received): string {
  return `${type} ${pts ?? ''} of ${nameOfLog(chatId)} at ${isoTime(at)}`;
}

export function nameOfLog(chatId: number): string {
  return chatId === OWN_LOG ? 'the own log' : `chat ${chatId}`;
}

/** Whether it says that the user is out of the chat. */
export function isRemovalOf(userId: number, { type, removedId }: Received): boolean {
  return type === 'participant.removed' && removedId === userId;
}
