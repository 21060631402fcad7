import type { ListedMessages } from '../conversation/listed-messages.js';

interface Reply {
  readonly id: number;
  readonly rootId: number;
}

/**
 * Which messages of a chat are in threads. Of each list that it is shown it looks only at what is newer or older than what it
 * has seen: there may be 100,000 messages.
 */
export class Replies {
  #seen: { readonly from: number; readonly to: number } | undefined;
  #all: readonly Reply[] = [];

  look(list: ListedMessages): void {
    const first = list.at(0)?.id ?? undefined;
    // After a gap nothing that was seen is next to what is there now.
    if (first === undefined || (this.#seen && first > this.#seen.to)) {
      this.#seen = undefined;
      this.#all = [];
    }
    if (first === undefined) return;
    const { from, to } = this.#seen ?? { from: 0, to: 0 };
    let last = to;
    const newer: Reply[] = [];
    for (let place = list.length - 1; place >= 0; place--) {
      const message = list.at(place);
      if (typeof message?.id !== 'number') continue;
      if (message.id <= to) break;
      last = Math.max(last, message.id);
      if (message.thread_id !== undefined) newer.unshift({ id: message.id, rootId: message.thread_id });
    }
    const older: Reply[] = [];
    for (let place = 0; from > 0; place++) {
      const message = list.at(place);
      if (typeof message?.id !== 'number' || message.id >= from) break;
      if (message.thread_id !== undefined) older.push({ id: message.id, rootId: message.thread_id });
    }
    if (newer.length > 0 || older.length > 0) this.#all = [...older, ...this.#all, ...newer];
    this.#seen = { from: from > 0 ? Math.min(from, first) : first, to: Math.max(last, first) };
  }

  /** Where replies stand in a list that it was shown, in order. */
  placesIn(list: ListedMessages, isWanted: (rootId: number) => boolean): number[] {
    const places = this.#all.flatMap(({ id, rootId }) => {
      const place = isWanted(rootId) ? list.indexOf(id) : -1;
      return place < 0 ? [] : [place];
    });
    // What waits to be sent comes last.
    const waiting: number[] = [];
    for (let place = list.length - 1; place >= 0 && list.at(place)?.id === null; place--) {
      const rootId = list.at(place)?.thread_id;
      if (rootId !== undefined && isWanted(rootId)) waiting.unshift(place);
    }
    return [...places, ...waiting];
  }

  /** How many messages of others in a thread are after a mark, as far as the list goes back. */
  unreadIn(list: ListedMessages, rootId: number, mark: number, me: number): number {
    return this.placesIn(list, (id) => id === rootId).filter((place) => {
      const message = list.at(place);
      return message && message.author_id !== me && !message.silent && (message.id ?? 0) > mark;
    }).length;
  }
}
