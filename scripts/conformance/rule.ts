import type { Stage } from './stage.js';

/** Something that a client has to do, and how it is found out whether it does. */
export interface Rule {
  readonly name: string;
  /** The anchor of the section of docs/realtime.md that says it. */
  readonly section: string;
  readonly says: string;
  /** It does something to the server, which nobody else may use meanwhile. */
  readonly shakesServer?: boolean;
  /** It waits for long. */
  readonly isLong?: boolean;
  /** @throws Breach */
  readonly play: (stage: Stage) => Promise<void>;
}
