import type { SyncRequest } from '../../../sdk/src/wire.js';
import type { Sending } from './taps.js';

/** What the client has done, as the proxy saw it. */
export class Traffic {
  readonly syncs: SyncRequest[] = [];
  readonly sends: Sending[] = [];
  /** When the client has tried to open a socket or a stream. */
  readonly tries: number[] = [];
  /** The addresses of all requests. */
  readonly urls: string[] = [];
  /** The statuses with which sends were answered; 200 of a frame. */
  readonly sendStatuses: number[] = [];
}
