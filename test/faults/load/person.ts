import type { HeldChat } from '../../client/replica.js';
import type { Device } from './device.js';
import type { OwnMessage } from './ledger.js';
import type { Writer } from './writer.js';

/** Whom one knows is not all that one ever wrote. */
const KEPT_MESSAGES = 40;

/** With what somebody takes part. */
export interface Equipment {
  readonly devices: readonly Device[];
  readonly writer: Writer;
}

export class Person {
  readonly messages: OwnMessage[] = [];
  #equipment: Equipment = undefined!;

  constructor(
    readonly id: number,
    readonly token: string,
  ) {}

  equip(equipment: Equipment): void {
    this.#equipment = equipment;
  }

  get devices(): readonly Device[] {
    return this.#equipment.devices;
  }

  get writer(): Writer {
    return this.#equipment.writer;
  }

  /** Their chats as the first device shows them. */
  get chats(): ReadonlyMap<number, HeldChat> {
    return this.devices[0]!.replica.chats;
  }

  remember(message: OwnMessage): void {
    this.messages.push(message);
    if (this.messages.length > KEPT_MESSAGES) this.messages.shift();
  }

  forget(message: OwnMessage): void {
    const place = this.messages.indexOf(message);
    if (place >= 0) this.messages.splice(place, 1);
  }
}
