import type { ClientFrame, ServerEvent, SyncAnswer, SyncRequest } from './wire.js';

/** Why a session has ended. 1006: nobody has said why. */
export interface Ending {
  readonly code: number;
  readonly reason?: string;
}

/** The close codes of docs/realtime.md that this client treats in a way of their own. */
export const CLOSE = {
  goingAway: 1001,
  gone: 1006,
  malformed: [1002, 1007, 1009, 4400] as readonly number[],
  notAuthorized: 4401,
  tokenExpired: 4410,
  revoked: 4411,
  /** Too slow, or silent for too long; or with another token. */
  comeAtOnce: [4413, 4421, 4401, 4410] as readonly number[],
  tooMany: 4429,
} as const;

export class SessionEnded extends Error {
  constructor(readonly ending: Ending) {
    super(`The session has ended with ${ending.code}.`);
  }
}

/** A connection on which the user is known, and on which events arrive. */
export interface Session {
  readonly kind: 'socket' | 'stream';
  readonly userId: number;
  /** With which it is authenticated now. */
  readonly token: string;
  /** How far the server's clock is ahead of the device's. */
  readonly clockAheadMs: number;
  readonly ended: Promise<Ending>;
  /** Aborted when it has ended. */
  readonly signal: AbortSignal;
  /** @throws MessengerError */
  sync(request: SyncRequest): Promise<SyncAnswer>;
  /** A frame whose answer, if there is one, comes as an event. Without a socket it is not sent. */
  tell(frame: ClientFrame): void;
  /** Whether the server is still there: it has a moment to say anything. */
  check(): void;
  close(): void;
}

export type OnEvent = (event: ServerEvent) => void;
