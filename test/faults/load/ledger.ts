import { randomUUID } from 'node:crypto';
import { contentsOf, type Acknowledgement, type Deletion, type Edit, type Send } from '../checker/history.js';
import { Counters } from '../counters.js';

export interface OpenSend extends Send {
  readonly acknowledgements: Acknowledgement[];
  readonly refusals: number[];
}

type Open<T> = { -readonly [Key in keyof T]: T[Key] };

/** Keeps account of everything that is done, before it is done: what is never answered counts too. */
export class Ledger {
  readonly sends: OpenSend[] = [];
  readonly edits: Open<Edit>[] = [];
  readonly deletions: Open<Deletion>[] = [];
  readonly counters = new Counters();

  openSend(authorId: number, chatId: number, text: string): OpenSend {
    const clientId = randomUUID();
    const contents = contentsOf(clientId, text);
    const send = { clientId, authorId, chatId, contents, acknowledgements: [], refusals: [] };
    this.sends.push(send);
    this.counters.count('sends');
    return send;
  }

  openEdit(messageId: number, contents: string): Open<Edit> {
    const edit = { messageId, contents, acknowledgedPts: undefined };
    this.edits.push(edit);
    this.counters.count('edits');
    return edit;
  }

  openDeletion(messageId: number): Open<Deletion> {
    const deletion = { messageId, isAcknowledged: false };
    this.deletions.push(deletion);
    this.counters.count('deletes');
    return deletion;
  }
}
