import type { Close } from '../protocol/close-codes.js';
import type { FrameBatch } from '../delivery/frame-batch.js';

/** The socket that a session speaks over. */
export interface Connection {
  /** Hands the frames over in one write. */
  write(batches: readonly FrameBatch[]): void;
  /** How much has been handed over and not been taken by the network. */
  readonly bufferedBytes: number;
  /** How much has come from the client since the connection began. */
  readonly receivedBytes: number;
  /** Settles when the network has taken it, or never will. */
  drained(): Promise<void>;
  /** No more frames are read until resume. */
  pause(): void;
  resume(): void;
  ping(): void;
  close(close: Close): void;
  destroy(): void;
}

/** Looks at a frame that leaves the server. @throws when it is not as asyncapi.json says. */
export type InspectFrame = (channel: 'socket' | 'stream', text: string) => void;
