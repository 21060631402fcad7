import type { DatabaseChat, DatabaseOwnLog } from './database.js';

/** A change of a chat, or of a user's own log: one of its numbers. */
export interface Change {
  readonly pts: number;
  readonly committedAt: number;
  readonly text: string;
}

/** In the order of their pts. A message that was changed again has only its last one. */
export function changesOf({ messages, events }: DatabaseChat): Change[] {
  const states = messages.map(({ id, pts, committedAt }) => ({ pts, committedAt, text: `message ${id}` }));
  const others = events.map(({ pts, committedAt, ...event }) => {
    return { pts, committedAt, text: event.kind === 'other' ? event.type : event.kind };
  });
  return [...states, ...others].sort((a, b) => a.pts - b.pts);
}

/** The same of a user's own log, of which each state has its last change. */
export function ownChangesOf({ states }: DatabaseOwnLog): Change[] {
  return states
    .filter(({ pts }) => pts > 0)
    .map(({ pts, committedAt, chatId }) => ({ pts, committedAt, text: `what chat ${chatId} is to the user` }));
}
