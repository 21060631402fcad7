import { randomUUID } from 'node:crypto';
import {
  contentsOf,
  type Acknowledgement,
  type Deletion,
  type Edit,
  type Reading,
  type Send,
  type Setting,
} from '../checker/history.js';
import type { Answer } from '../../client/protocol.js';
import { said } from '../../client/servers.js';
import { Counters } from '../counters.js';

export interface OpenSend extends Send {
  readonly acknowledgements: Acknowledgement[];
  readonly refusals: number[];
}

/** Long after any run. */
const FIRST_MUTED_UNTIL = Date.UTC(2100, 0, 1);

type Open<T> = { -readonly [Key in keyof T]: T[Key] };

/** Keeps account of everything that is done, before it is done: what is never answered counts too. */
export class Ledger {
  readonly sends: OpenSend[] = [];
  readonly edits: Open<Edit>[] = [];
  readonly deletions: Open<Deletion>[] = [];
  readonly readings: Open<Reading>[] = [];
  readonly settings: Open<Setting>[] = [];
  readonly counters = new Counters();
  /** Answers that should not have been given. */
  readonly surprises: string[] = [];

  openSend(authorId: number, chatId: number, text: string): OpenSend {
    const clientId = randomUUID();
    const contents = contentsOf(clientId, text);
    const send = { clientId, authorId, chatId, contents, acknowledgements: [], refusals: [] };
    this.sends.push(send);
    this.counters.count('sends');
    return send;
  }

  openEdit(messageId: number, contents: string): Open<Edit> {
    const edit = { messageId, contents, acknowledgedPts: undefined, refusal: undefined };
    this.edits.push(edit);
    this.counters.count('edits');
    return edit;
  }

  /** Keeps account of an answer whose status is none of those that there may be. */
  expect(answer: Answer, statuses: readonly number[], what: string): void {
    if (!statuses.includes(answer.status)) this.surprises.push(`${what} was answered with ${said(answer)}`);
  }

  openDeletion(messageId: number): Open<Deletion> {
    const deletion = { messageId, isAcknowledged: false, refusal: undefined };
    this.deletions.push(deletion);
    this.counters.count('deletes');
    return deletion;
  }

  openReading(userId: number, chatId: number): Open<Reading> {
    const reading = { userId, chatId, acknowledgedId: undefined };
    this.readings.push(reading);
    this.counters.count('reads');
    return reading;
  }

  openSetting(userId: number, chatId: number): Open<Setting> {
    const n = this.settings.length;
    const setting = {
      userId,
      chatId,
      mutedUntil: new Date(FIRST_MUTED_UNTIL + n * 1000).toISOString(),
      pinned: n % 2 === 0,
      archived: n % 3 === 0,
      begunAt: Date.now(),
      answeredAt: undefined,
      isAcknowledged: false,
    };
    this.settings.push(setting);
    this.counters.count('settings');
    return setting;
  }
}
