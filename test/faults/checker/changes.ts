import type { DatabaseChat } from './database.js';

/** A change of a chat: one of its numbers. */
export interface Change {
  readonly pts: number;
  readonly committedAt: number;
  readonly text: string;
}

/** In the order of their pts. A message that was changed again has only its last one. */
export function changesOf({ messages, events }: DatabaseChat): Change[] {
  const states = messages.map(({ id, pts, committedAt }) => ({ pts, committedAt, text: `message ${id}` }));
  const others = events.map(({ kind, pts, committedAt }) => ({ pts, committedAt, text: kind }));
  return [...states, ...others].sort((a, b) => a.pts - b.pts);
}
