import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../changes/index.js';
import type { OwnReactions } from './reactions.schemas.js';
import { carryOut, type Wish } from './reactions.service.js';

/** A chat has ten changes of reactions a second at the most: many react at once, and each change is an event for all. */
const PAUSE_MS = 100;
const MAX_BATCH = 500;

interface Waiting {
  readonly wish: Wish;
  readonly resolve: (state: OwnReactions) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what people wish while the chat pauses. The first one does not wait. */
export class ReactionBatches {
  readonly #context: Context;
  /** By chat; it is there while the chat is busy or pauses. */
  readonly #waiting = new Map<number, Waiting[]>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** @throws MESSAGE_DOES_NOT_EXIST, TOO_MANY_EMOJIS. */
  async react(chatId: number, wish: Wish): Promise<OwnReactions> {
    return await new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(chatId);
      if (waiting) waiting.push({ wish, resolve, reject });
      else {
        this.#waiting.set(chatId, [{ wish, resolve, reject }]);
        void this.#work(chatId);
      }
    });
  }

  async #work(chatId: number): Promise<void> {
    for (;;) {
      const batch = this.#waiting.get(chatId)?.splice(0, MAX_BATCH) ?? [];
      if (batch.length === 0) {
        this.#waiting.delete(chatId);
        return;
      }
      // The pause is between the beginnings.
      await Promise.all([this.#carryOut(chatId, batch), sleep(PAUSE_MS)]);
    }
  }

  async #carryOut(chatId: number, batch: readonly Waiting[]): Promise<void> {
    try {
      const wishes = batch.map(({ wish }) => wish);
      const outcomes = await carryOut(this.#context, chatId, wishes);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome instanceof Error || outcome === undefined) reject(outcome);
        else resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
