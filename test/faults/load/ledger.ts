import { randomUUID } from 'node:crypto';
import {
  contentsOf,
  type Acknowledgement,
  type Deletion,
  type Deposit,
  type Edit,
  type Pin,
  type PollChange,
  type Reaction,
  type Reading,
  type Refusal,
  type Sanction,
  type Scheduled,
  type Send,
  type Setting,
  type Try,
  type Vote,
} from '../checker/history.js';
import type { Answer } from '../../client/protocol.js';
import { said } from '../../client/servers.js';
import { Counters } from '../counters.js';

type Open<T> = { -readonly [Key in keyof T]: T[Key] };

export interface OpenSend extends Open<Send> {
  readonly acknowledgements: Acknowledgement[];
  readonly refusals: Refusal[];
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
export type OpenSanction = Open<Sanction>;
export type OpenScheduled = Open<Scheduled>;
type OpenTry = Open<Try>;

/** A poll that was asked. */
export interface AskedPoll {
  readonly chatId: number;
  readonly messageId: number;
  readonly authorId: number;
}

/** Long after any run. */
const FIRST_MUTED_UNTIL = Date.UTC(2100, 0, 1);

/** What the change of a group, or of settings, may be answered with: a user who has left it can't change it. */
export const CHANGED = [200, 404];
/** Who is restricted is told so, or only that the right is missing. */
const RESTRICTED = ['RESTRICTED', 'RIGHT_MISSING', 'NOT_THE_OWNER'];
const READ = [200, 404, 429, 503];

/** Keeps account of everything that is done, before it is done: what is never answered counts too. */
export class Ledger {
  readonly sends: OpenSend[] = [];
  readonly edits: OpenEdit[] = [];
  readonly deletions: OpenDeletion[] = [];
  readonly readings: OpenReading[] = [];
  readonly settings: OpenSetting[] = [];
  readonly reactions: OpenReaction[] = [];
  readonly pins: Pin[] = [];
  readonly votes: Vote[] = [];
  readonly pollChanges: PollChange[] = [];
  readonly scheduled: OpenScheduled[] = [];
  readonly sanctions: OpenSanction[] = [];
  readonly deposits: Deposit[] = [];
  readonly polls: AskedPoll[] = [];
  readonly counters = new Counters();
  /** Answers that should not have been given. */
  readonly surprises: string[] = [];

  /** @param text undefined: it is to be a copy of another message. */
  openSend(authorId: number, chatId: number, text: string | undefined): OpenSend {
    const mark = randomUUID();
    const contents = text === undefined ? undefined : contentsOf(mark, text);
    const unanswered = { acknowledgements: [], tries: 0, refusals: [], failedWith: undefined, isWithdrawn: false };
    const send = { mark, clientId: mark, authorId, chatId, contents, ...unanswered };
    this.sends.push(send);
    this.counters.count('sends');
    return send;
  }

  /** @returns whether it is the first word of the message. */
  answerSend(send: OpenSend, { status, body, askedAt = Infinity }: Answer): boolean {
    if (status !== 200) {
      send.refusals.push({ status, askedAt });
      this.counters.count('refused');
      return false;
    }
    const deduplicated = body.deduplicated === true;
    const isFirst = send.acknowledgements.length === 0;
    if (isFirst) this.counters.count('acknowledged');
    if (deduplicated) this.counters.count('deduplicated');
    send.acknowledgements.push({ messageId: body.id, deduplicated, pts: body.pts });
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

  openReading(userId: number, chatId: number, mark: Reading['mark'] = 'read'): OpenReading {
    const reading = { mark, userId, chatId, acknowledgedId: undefined };
    this.readings.push(reading);
    this.counters.count('reads');
    return reading;
  }

  answerReading(reading: OpenReading, answer: Answer): void {
    this.expect(answer, READ, `a read of chat ${reading.chatId}`);
    const { last_read_message_id: read, delivered_message_id: delivered } = answer.body;
    if (answer.status === 200) reading.acknowledgedId = (reading.mark === 'read' ? read : delivered) ?? undefined;
  }

  openReaction(userId: number, messageId: number, emoji: string): OpenReaction {
    const reaction = { userId, messageId, emoji, isAcknowledged: false };
    this.reactions.push(reaction);
    return reaction;
  }

  openScheduled(authorId: number, chatId: number, threadId: number | undefined): OpenScheduled {
    const mark = randomUUID();
    const contents = contentsOf(mark, 'scheduled');
    this.counters.count('scheduled');
    return this.begin(this.scheduled, { mark, authorId, chatId, contents, threadId, cancel: 'no' });
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

  /** Something is about to be tried. */
  begin<T extends Try>(tries: T[], what: Omit<T, keyof Try>): T {
    const open = { ...what, ...newTry() } as T;
    tries.push(open);
    return open;
  }

  /** Why somebody may be refused what others may do: a moderator has been at work in the chat. */
  refusalsOf(userId: number, chatId: number): readonly string[] {
    return this.#isUnder('restriction', userId, chatId) ? RESTRICTED : [];
  }

  /** Why somebody may be refused to be brought in. */
  refusalsToAdd(userId: number, chatId: number): readonly string[] {
    return this.#isUnder('ban', userId, chatId) ? ['BANNED'] : [];
  }

  #isUnder(kind: Sanction['kind'], userId: number, chatId: number): boolean {
    return this.sanctions.some((each) => each.kind === kind && each.userId === userId && each.chatId === chatId);
  }

  /**
   * Keeps account of an answer whose status is none of those that there may be.
   * @param mayRefuse for which reasons it may be refused otherwise.
   */
  expect(answer: Answer, statuses: readonly number[], what: string, mayRefuse: readonly string[] = []): void {
    if (statuses.includes(answer.status) || mayRefuse.includes(answer.body.details?.code)) return;
    this.surprises.push(`${what} was answered with ${said(answer)}`);
  }
}

export function newTry(): OpenTry {
  return { begunAt: Date.now(), answeredAt: undefined, isAcknowledged: false };
}

export function close(open: Try, isAcknowledged: boolean): void {
  Object.assign(open, { answeredAt: Date.now(), isAcknowledged });
}
