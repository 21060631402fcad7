import { randomUUID } from 'node:crypto';
import {
  contentsOf,
  type Acknowledgement,
  type Deletion,
  type Edit,
  type Reaction,
  type Reading,
  type Send,
  type Setting,
} from '../checker/history.js';
import type { Answer } from '../../client/protocol.js';
import { said } from '../../client/servers.js';
import { Counters } from '../counters.js';

type Open<T> = { -readonly [Key in keyof T]: T[Key] };

export interface OpenSend extends Open<Send> {
  readonly acknowledgements: Acknowledgement[];
  readonly refusals: number[];
}

/** A message of somebody's own, which they may edit or delete. */
export interface OwnMessage {
  readonly chatId: number;
  readonly mark: string;
  readonly clientId: string;
  /** undefined: it is not known to be sent yet. */
  id: number | undefined;
}

export type OpenEdit = Open<Omit<Edit, 'messageId'>> & { readonly message: OwnMessage };
export type OpenDeletion = Open<Omit<Deletion, 'messageId'>> & { readonly message: OwnMessage };
export type OpenReading = Open<Reading>;
export type OpenSetting = Open<Setting>;
export type OpenReaction = Open<Reaction>;

/** Long after any run. */
const FIRST_MUTED_UNTIL = Date.UTC(2100, 0, 1);

/** What the change of a group, or of settings, may be answered with: a user who has left it can't change it. */
export const CHANGED = [200, 404];
const READ = [200, 404, 429, 503];

/** Keeps account of everything that is done, before it is done: what is never answered counts too. */
export class Ledger {
  readonly sends: OpenSend[] = [];
  readonly edits: OpenEdit[] = [];
  readonly deletions: OpenDeletion[] = [];
  readonly readings: OpenReading[] = [];
  readonly settings: OpenSetting[] = [];
  readonly reactions: OpenReaction[] = [];
  readonly counters = new Counters();
  /** Answers that should not have been given. */
  readonly surprises: string[] = [];

  openSend(authorId: number, chatId: number, text: string): OpenSend {
    const mark = randomUUID();
    const contents = contentsOf(mark, text);
    const unanswered = { acknowledgements: [], refusals: [], failedWith: undefined, isWithdrawn: false };
    const send = { mark, clientId: mark, authorId, chatId, contents, ...unanswered };
    this.sends.push(send);
    this.counters.count('sends');
    return send;
  }

  /** @returns whether it is the first word of the message. */
  answerSend(send: OpenSend, { status, body }: Answer): boolean {
    if (status !== 200) {
      send.refusals.push(status);
      this.counters.count('refused');
      return false;
    }
    const deduplicated = body.deduplicated === true;
    const isFirst = send.acknowledgements.length === 0;
    if (isFirst) this.counters.count('acknowledged');
    if (deduplicated) this.counters.count('deduplicated');
    send.acknowledgements.push({ messageId: body.id, deduplicated });
    return isFirst;
  }

  openEdit(message: OwnMessage, text: string): OpenEdit {
    const contents = contentsOf(message.mark, text);
    const edit = { message, contents, acknowledgedPts: undefined, refusal: undefined, failedWith: undefined };
    this.edits.push(edit);
    this.counters.count('edits');
    return edit;
  }

  answerEdit(edit: OpenEdit, { status, body }: Answer): void {
    if (status === 200) edit.acknowledgedPts = body.pts;
    else edit.refusal = status;
  }

  openDeletion(message: OwnMessage): OpenDeletion {
    const deletion = { message, isAcknowledged: false, refusal: undefined, failedWith: undefined };
    this.deletions.push(deletion);
    this.counters.count('deletes');
    return deletion;
  }

  answerDeletion(deletion: OpenDeletion, { status }: Answer): void {
    if (status === 200) deletion.isAcknowledged = true;
    else deletion.refusal = status;
  }

  openReading(userId: number, chatId: number): OpenReading {
    const reading = { userId, chatId, acknowledgedId: undefined };
    this.readings.push(reading);
    this.counters.count('reads');
    return reading;
  }

  answerReading(reading: OpenReading, answer: Answer): void {
    this.expect(answer, READ, `a read of chat ${reading.chatId}`);
    if (answer.status === 200) reading.acknowledgedId = answer.body.last_read_message_id ?? undefined;
  }

  openReaction(userId: number, messageId: number, emoji: string): OpenReaction {
    const reaction = { userId, messageId, emoji, isAcknowledged: false };
    this.reactions.push(reaction);
    return reaction;
  }

  openSetting(userId: number, chatId: number): OpenSetting {
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

  answerSetting(setting: OpenSetting, answer: Answer): void {
    this.expect(answer, CHANGED, `settings of chat ${setting.chatId}`);
    setting.answeredAt = Date.now();
    setting.isAcknowledged = answer.status === 200;
  }

  /** Keeps account of an answer whose status is none of those that there may be. */
  expect(answer: Answer, statuses: readonly number[], what: string): void {
    if (!statuses.includes(answer.status)) this.surprises.push(`${what} was answered with ${said(answer)}`);
  }
}
