import { MessengerError } from '../../../sdk/src/messenger-error.js';
import type { OpenDeletion, OpenEdit, OpenReading, OpenSend, OpenSetting, OwnMessage } from '../load/ledger.js';
import type { Manner, Writer } from '../load/writer.js';
import type { Random } from '../random.js';
import type { OutboxRecord } from './outbox-record.js';
import type { SdkDevice } from './sdk-device.js';

/** Everything goes through the outbox of one of the devices, whether it is connected or not. */
export class OutboxWriter implements Writer {
  /** Which device has what is not sent yet. */
  readonly #origins = new Map<string, SdkDevice>();

  constructor(
    readonly devices: readonly SdkDevice[],
    readonly record: OutboxRecord,
    readonly random: Random,
  ) {}

  send(send: OpenSend, { loss, node }: Manner): Promise<void> {
    const device = this.#anyDevice();
    device.look(send.chatId);
    send.clientId = device.client.chat(send.chatId).send(send.contents ?? '');
    this.#origins.set(send.clientId, device);
    return this.record.followSend(send, { loss, node });
  }

  edit(edit: OpenEdit, node?: number): Promise<void> {
    const { message, contents } = edit;
    this.record.followEdit(edit, node);
    this.#change(message, (device, target) => {
      device.client.chat(message.chatId).edit(target, contents);
    });
    return Promise.resolve();
  }

  delete(deletion: OpenDeletion): Promise<void> {
    const { message } = deletion;
    this.record.followDeletion(deletion);
    this.#change(message, (device, target) => {
      device.client.chat(message.chatId).delete(target);
    });
    return Promise.resolve();
  }

  read(reading: OpenReading, messageId: number): Promise<void> {
    const device = this.#anyDevice();
    device.look(reading.chatId);
    this.record.followReading(reading);
    device.client.chat(reading.chatId).markRead(messageId);
    return Promise.resolve();
  }

  changeSettings(setting: OpenSetting, node?: number): Promise<void> {
    const { chatId, mutedUntil: muted_until, pinned, archived } = setting;
    this.record.followSetting(setting, node);
    this.#anyDevice().client.chat(chatId).settings({ muted_until, pinned, archived });
    return Promise.resolve();
  }

  type(chatId: number): void {
    this.#anyDevice().client.chat(chatId).setTyping();
  }

  /** What is not sent yet is known to the device alone on which it was written. */
  #change({ id, clientId }: OwnMessage, change: (device: SdkDevice, target: number | string) => void): void {
    const device = id === undefined ? this.#origins.get(clientId)! : this.#anyDevice();
    try {
      change(device, id ?? clientId);
    } catch (error) {
      // A page that has just begun again has not read what waits.
      if (!(error instanceof MessengerError) || error.code !== 'MESSAGE_DOES_NOT_EXIST') throw error;
    }
  }

  #anyDevice(): SdkDevice {
    return this.devices[this.random.below(this.devices.length)]!;
  }
}
