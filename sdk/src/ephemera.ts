import type { Replica } from './replica.js';
import type { UserPresence } from './wire.js';

/** As docs/realtime.md says. */
const TYPING_MS = 6000;

/** What is true for a moment only: who writes, and who is there. */
export class Ephemera {
  /** Other tabs are told, too. */
  relay: ((name: 'typing' | 'stopped' | 'presence', args: unknown[]) => void) | undefined;
  readonly #replica: Replica;
  readonly #typists = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  typing(chatId: number, userId: number): void {
    this.relay?.('typing', [chatId, userId]);
    if (userId === this.#replica.userId) return;
    const key = `${chatId} ${userId}`;
    clearTimeout(this.#typists.get(key));
    const timer = setTimeout(() => {
      this.stopped(chatId, userId);
    }, TYPING_MS);
    this.#typists.set(key, timer);
    const typists = this.#replica.typing.get(chatId);
    if (!typists?.has(userId)) this.#set(chatId, new Set([...(typists ?? []), userId]));
  }

  /** Somebody who sends has written. */
  stopped(chatId: number, userId: number): void {
    this.relay?.('stopped', [chatId, userId]);
    const key = `${chatId} ${userId}`;
    if (!this.#typists.has(key)) return;
    clearTimeout(this.#typists.get(key));
    this.#typists.delete(key);
    this.#set(chatId, new Set([...(this.#replica.typing.get(chatId) ?? [])].filter((id) => id !== userId)));
  }

  presence(states: readonly UserPresence[]): void {
    this.relay?.('presence', [states]);
    for (const state of states) this.#replica.presence.set(state.user_id, state);
    this.#replica.presenceTopic.touch();
  }

  /** Without a connection nobody knows. */
  clear(): void {
    for (const timer of this.#typists.values()) clearTimeout(timer);
    this.#typists.clear();
    for (const chatId of [...this.#replica.typing.keys()]) this.#set(chatId, new Set());
    this.#replica.presence.clear();
    this.#replica.presenceTopic.touch();
  }

  #set(chatId: number, typists: ReadonlySet<number>): void {
    if (typists.size > 0) this.#replica.typing.set(chatId, typists);
    else this.#replica.typing.delete(chatId);
    this.#replica.touch(chatId);
  }
}
