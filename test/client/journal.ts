import type { Span } from '../faults/spans.js';
import type { DeviceKind } from './device.js';
import type { ServerEvent } from './protocol.js';

/** Stands where others have the id of a chat: the user's own log, whose numbers are its `me_pts`. */
export const OWN_LOG = 0;

/** What happened to a device, and when. */
export type Entry = { readonly at: number; /** Counted from 1. */ readonly connection: number } &
  /** A stream goes on from where an id had said that it was. */
  (
    | {
        readonly kind: 'connected';
        readonly via: DeviceKind;
        readonly node: number;
        readonly resumedFrom: string | undefined;
      }
    | { readonly kind: 'disconnected'; readonly code: number }
    /** An event arrived; what becomes of it stands in a later entry. */
    | {
        readonly kind: 'received';
        readonly type: string;
        readonly chatId: number;
        readonly pts: number | undefined;
        /** Whom a participant.removed names. */
        readonly removedId: number | undefined;
      }
    /** A stream said how far it had come. */
    | { readonly kind: 'id'; readonly id: string }
    /** The server said that events may be lost. */
    | { readonly kind: 'resync' }
    | { readonly kind: 'answered' }
    /** An event was applied by the rule. */
    | { readonly kind: 'applied'; readonly chatId: number; readonly pts: number }
    /** A sync brought a chat from one number to another. */
    | { readonly kind: 'synced'; readonly chatId: number; readonly pts: number }
    /** A chat was taken as a whole. */
    | { readonly kind: 'taken'; readonly chatId: number; readonly pts: number }
    | { readonly kind: 'forgotten'; readonly chatId: number }
  );

type Happening = Entry extends infer Each ? (Each extends Entry ? Omit<Each, 'at' | 'connection'> : never) : never;

/** Everything that a device lived through, for the checker. */
export class Journal {
  readonly entries: Entry[] = [];
  /** When the device did not read. */
  readonly frozen: Span[] = [];
  /** What should not have come. */
  readonly surprises: string[] = [];
  #connection = 0;

  connected(via: DeviceKind, node: number, resumedFrom?: string): void {
    this.#connection++;
    this.add({ kind: 'connected', via, node, resumedFrom });
  }

  add(happening: Happening): void {
    this.entries.push({ at: Date.now(), connection: this.#connection, ...happening });
  }

  received(event: ServerEvent): void {
    if (event.type === 'resync') this.add({ kind: 'resync' });
    if ('me_pts' in event) {
      const { type, me_pts: pts } = event;
      this.add({ kind: 'received', type, chatId: OWN_LOG, pts, removedId: undefined });
    }
    if (!('chat_id' in event)) return;
    const { type, chat_id: chatId } = event;
    const pts = 'pts' in event ? event.pts : undefined;
    this.add({
      kind: 'received',
      type,
      chatId,
      pts,
      removedId: type === 'participant.removed' ? event.data.user_id : undefined,
    });
  }
}
