import { createHash } from 'node:crypto';
import { MAX_REMEMBERED, type FloodFilter, type Rate } from './filters.schemas.js';
import { fold } from './words.js';

/** Of so many users, those who have sent last, a process remembers what they have sent. */
const MAX_USERS = 10_000;

interface Sent {
  readonly atMs: number;
  readonly text: number;
  readonly clientId: number | undefined;
}

/** What users have lately sent through this process. */
export class Flood {
  readonly #sent = new Map<number, readonly Sent[]>();

  /** Counts a message. One that is too much does not count, so that who waits may go on; nor does a repeat under the same client_id. */
  isTooMuch(
    { messages, repeats }: FloodFilter,
    userId: number,
    { contents, clientId: id }: { readonly contents: string; readonly clientId: string | undefined },
    nowMs = performance.now(),
  ): boolean {
    const keptMs = Math.max(messages?.seconds ?? 0, repeats?.seconds ?? 0) * 1000;
    const sent = (this.#sent.get(userId) ?? []).filter(({ atMs }) => nowMs - atMs < keptMs);
    const clientId = id === undefined ? undefined : numberOf(id);
    if (clientId !== undefined && sent.some((each) => each.clientId === clientId)) return false;
    const text = repeats ? numberOf(fold(contents).replace(/\s+/gu, ' ')) : 0;
    const within = (rate: Rate, those: readonly Sent[]) =>
      those.filter(({ atMs }) => nowMs - atMs < rate.seconds * 1000).length < rate.limit;
    const same = sent.filter((each) => each.text === text);
    if ((messages && !within(messages, sent)) || (repeats && !within(repeats, same))) return true;
    // The user who has sent last is the last one to be forgotten.
    this.#sent.delete(userId);
    this.#sent.set(userId, [...sent.slice(1 - MAX_REMEMBERED), { atMs: nowMs, text, clientId }]);
    for (const [oldest] of this.#sent) {
      if (this.#sent.size <= MAX_USERS) break;
      this.#sent.delete(oldest);
    }
    return false;
  }

  /** Begins anew. */
  forget(userId: number): void {
    this.#sent.delete(userId);
  }
}

/** Stands for a text, in a few bytes. */
function numberOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
