import type { SessionStart, SyncAnswer, SyncRequest } from '../../../sdk/src/wire.js';
import type { Frame } from './frame.js';

/** On which events come to the client. */
export interface Way {
  toClient(frame: Frame): void;
}

/** A message that the client sends, by a frame or by a request. */
export interface Sending {
  readonly chatId: number;
  readonly contents: unknown;
  readonly clientId: unknown;
}

/**
 * What becomes of a sending: it passes, is lost on the way, is carried out while its answer is lost, is answered with 503, or its
 * answer comes when the promise settles.
 */
export type Fate = 'pass' | 'lose' | 'lose the answer' | 'away' | { readonly answerAfter: Promise<unknown> };

/** Where a rule takes hold of what goes through the proxy. What has no tap passes. */
export interface Taps {
  /** What the client gets in place of an event. */
  event?: (event: Frame, way: Way) => readonly Frame[];
  /** What it gets in place of the answer to a sync. */
  synced?: (answer: SyncAnswer, request: SyncRequest) => SyncAnswer | Promise<SyncAnswer>;
  ready?: (start: SessionStart) => SessionStart;
  /** Whether a sync is answered with 503. */
  refuseSync?: () => boolean;
  send?: (sending: Sending) => Fate;
  /** Whether sockets are blocked on the way. */
  blockSockets?: boolean;
  /** The status with which a socket or a stream is refused; undefined: it is opened. */
  refuse?: () => number | undefined;
  /** Whether a request with this token is answered with 401. */
  refuseToken?: (token: string) => boolean;
}
