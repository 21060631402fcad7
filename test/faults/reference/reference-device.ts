import { Device as ReferenceClient } from '../../client/device.js';
import type { Device } from '../load/device.js';

/** The client of test/client, which keeps the rule of docs/realtime.md and nothing else. */
export class ReferenceDevice extends ReferenceClient implements Device {
  start(): void {
    void this.run();
  }

  /** It is told of what was missed, and has no outbox. */
  get isAtRest(): boolean {
    return this.session !== undefined;
  }
}
