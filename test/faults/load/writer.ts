import type { Loss } from '../plan/plan.js';
import type { OpenDeletion, OpenEdit, OpenReading, OpenSend, OpenSetting } from './ledger.js';

export interface Manner {
  readonly road: 'rest' | 'socket';
  readonly loss: Loss;
  /** Which node gets the first try; without it any. */
  readonly node?: number | undefined;
}

/** How what somebody does gets to the server. What comes of it is written into the record. */
export interface Writer {
  /** Repeats a message until it is answered. */
  send(send: OpenSend, manner: Manner): Promise<void>;
  edit(edit: OpenEdit, node?: number): Promise<void>;
  delete(deletion: OpenDeletion, node?: number): Promise<void>;
  read(reading: OpenReading, messageId: number, road: Manner['road']): Promise<void>;
  changeSettings(setting: OpenSetting, node?: number): Promise<void>;
  type(chatId: number): void;
}
