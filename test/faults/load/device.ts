import type { DeviceOwner } from '../../client/device.js';
import type { Journal } from '../../client/journal.js';
import type { HeldChat } from '../../client/replica.js';

/** A device of somebody's, whatever client it runs. */
export interface Device {
  readonly name: string;
  readonly owner: DeviceOwner;
  readonly journal: Journal;
  readonly replica: {
    readonly chats: ReadonlyMap<number, HeldChat>;
    /** Up to which number it has the user's own log. */
    readonly mePts: number;
  };
  /** Whether it is connected, and reads. */
  readonly isReading: boolean;
  /** Whether it is connected, and has nothing left to say. */
  readonly isAtRest: boolean;
  /** Connects, and connects again, until the device is stopped. */
  start(): void;
  stop(): void;
  /** Loses its connection, and stays away for a while. */
  leave(ms: number): void;
  /** Does not read for a while, unless its connection ends before. */
  freeze(ms: number): Promise<void>;
  /** Is closed in the midst of everything, and begins again with what it has kept. Not all can. */
  reload?(): void;
  /** Brings whatever it brings only when somebody looks at it. */
  readAll?(): Promise<void>;
}
