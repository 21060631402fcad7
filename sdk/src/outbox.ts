import { newClientId } from './client-id.js';
import { readSteps } from './changes.js';
import type {
  OutboxItem,
  Step,
  WaitingDeletion,
  WaitingEdit,
  WaitingRead,
  WaitingSend,
  WaitingSettings,
} from './held.js';
import type { Keeper, Observer } from './keeper.js';
import { MessengerError } from './messenger-error.js';
import { deliver, type Delivered } from './delivery.js';
import type { Rest } from './rest.js';
import { backoffMs, sleep, type Timing } from './timing.js';
import type { ChangeChatSettings, ChatSettings, EditOptions, Message, SendOptions } from './wire.js';
import { without } from './without.js';

/** So many chats are written to at the same time. */
const CHATS_AT_ONCE = 4;

type New<Item extends OutboxItem> = Omit<Item, 'order' | 'state' | 'tried' | 'error' | 'answer'>;

/**
 * What the user has done and the server may not know yet. It is in the store before it is tried, and is repeated until it is
 * answered, in its order within a chat; so it is neither lost nor done twice.
 */
export class Outbox implements Observer {
  readonly #keeper: Keeper;
  readonly #rest: Rest;
  readonly #timing: Timing;
  readonly #working = new Set<number>();
  #isOpen = false;
  #wake = new AbortController();

  constructor(keeper: Keeper, rest: Rest, timing: Timing) {
    this.#keeper = keeper;
    this.#rest = rest;
    this.#timing = timing;

    keeper.observer = this;
  }

  /** There is a connection, and somebody who is signed in. */
  open(): void {
    this.#isOpen = true;
    this.#wake.abort();
    this.#wake = new AbortController();
    this.work();
  }

  close(): void {
    this.#isOpen = false;
  }

  send(chatId: number, contents: string, createdAt: string, given?: SendOptions): string {
    const key = newClientId();
    this.#add<WaitingSend>({ kind: 'send', key, chatId, contents, given, createdAt });
    return key;
  }

  /** @param target the id of a message, or the key of one that waits. */
  edit(chatId: number, target: number | string, contents: string, given?: EditOptions): void {
    const send = this.#sendOf(target);
    if (send && (!send.tried || send.state === 'failed')) {
      this.#put({ ...send, contents, given: { ...send.given, ...given } });
      return;
    }
    const earlier = this.#about(chatId, target).find(
      (item): item is WaitingEdit => item.kind === 'edit' && !item.tried && item.state === 'pending',
    );
    if (earlier)
      this.#put({ ...earlier, contents, given, version: this.#versionOf(chatId, target) ?? earlier.version });
    else {
      for (const item of this.#about(chatId, target)) {
        if (item.kind === 'edit' && item.state === 'failed') this.#drop(item.key);
      }
      this.#add<WaitingEdit>({
        kind: 'edit',
        key: newClientId(),
        chatId,
        ...this.#aim(chatId, target),
        contents,
        given,
      });
    }
  }

  /** @param target the id of a message, or the key of one that waits. */
  delete(chatId: number, target: number | string): void {
    const send = this.#sendOf(target);
    if (send && (!send.tried || send.state === 'failed')) {
      this.#drop(send.key);
      return;
    }
    for (const item of this.#about(chatId, target)) {
      if (item.kind === 'delete' && item.state === 'pending') return;
      if (!item.tried || item.state === 'failed') this.#drop(item.key);
    }
    this.#add<WaitingDeletion>({ kind: 'delete', key: newClientId(), chatId, ...this.#aim(chatId, target) });
  }

  /** A mark never moves back. */
  read(chatId: number, messageId: number): void {
    const key = `read ${chatId}`;
    const waiting = this.#item(key);
    const chat = this.#keeper.replica.chat(chatId);
    const mark = chat?.marked_unread ? 0 : (chat?.last_read_message_id ?? 0);
    if (Math.max(mark, waiting?.kind === 'read' ? waiting.messageId : 0) >= messageId) return;
    this.#add<WaitingRead>({ kind: 'read', key, chatId, messageId });
  }

  settings(chatId: number, settings: ChangeChatSettings): void {
    const key = `settings ${chatId}`;
    const waiting = this.#item(key);
    const earlier = waiting?.kind === 'settings' ? waiting.settings : {};
    this.#add<WaitingSettings>({ kind: 'settings', key, chatId, settings: { ...earlier, ...settings } });
  }

  /** Tries again what has failed; a change of a message is then one of its present version. */
  retry(key: string): void {
    const item = this.#item(key);
    if (item?.state !== 'failed') return;
    const { error, ...rest } = item;
    // The name stands for another message: this one was never sent.
    const isNameTaken = error === 'CLIENT_ID_TAKEN';
    if (isNameTaken) this.#drop(key);
    // A refusal says that the server does not have it.
    const again = { ...rest, state: 'pending', tried: false, ...(isNameTaken && { key: newClientId() }) } as const;
    if (again.kind === 'edit' || again.kind === 'delete') {
      const version = again.messageId === undefined ? undefined : this.#versionOf(item.chatId, again.messageId);
      this.#put({ ...again, version });
    } else this.#put(again);
    this.work();
  }

  /** Gives up what has failed, or what was never tried. */
  discard(key: string): void {
    const item = this.#item(key);
    if (item && (item.state === 'failed' || !item.tried)) this.#drop(key);
  }

  sent(chatId: number, message: Message): void {
    for (const item of this.#waiting(chatId)) {
      // It is there, whatever an answer has said or will say.
      if (item.kind === 'send' && item.key === message.client_id) this.#delivered(item, message, true);
      // The same text in a newer version: this edit was carried out, and its answer was lost.
      const isThisEdit = item.kind === 'edit' && item.tried && !item.answer && item.messageId === message.id;
      if (isThisEdit && item.contents === message.contents && message.version > (item.version ?? Infinity)) {
        this.#delivered(item, message, true);
      }
    }
  }

  moved(chatId: number): void {
    const { replica } = this.#keeper;
    const chat = replica.chat(chatId);
    const pts = chat?.pts ?? Infinity;
    for (const item of this.#waiting(chatId)) {
      // Of a chat that was left, only what was never sent is left to be shown.
      if (!chat && (item.kind === 'read' || item.kind === 'settings')) this.#drop(item.key);
      if (!item.answer) continue;
      const isThere =
        item.kind === 'delete'
          ? !replica.range(chatId).log.get(item.messageId ?? 0)
          : item.answer.pts !== undefined && item.answer.pts <= pts;
      if (isThere) this.#drop(item.key);
    }
  }

  /** Begins with whatever can be tried. */
  work(): void {
    if (!this.#isOpen) return;
    const chats = new Set([...this.#keeper.replica.holdings.outbox.values()].map(({ chatId }) => chatId));
    for (const chatId of chats) {
      if (this.#working.size >= CHATS_AT_ONCE) return;
      if (!this.#working.has(chatId) && this.#next(chatId)) void this.#work(chatId);
    }
  }

  async #work(chatId: number): Promise<void> {
    this.#working.add(chatId);
    let failures = 0;
    for (let item = this.#next(chatId); item && this.#isOpen; item = this.#next(chatId)) {
      const failure = await this.#try(item);
      if (failure) {
        const { backoffFirstMs, backoffLongestMs } = this.#timing;
        const waitMs = backoffFirstMs + backoffMs(failures++, backoffFirstMs, backoffLongestMs);
        await sleep(Math.max(waitMs, failure.retryAfterMs), this.#wake.signal);
      } else failures = 0;
    }
    this.#working.delete(chatId);
    this.work();
  }

  /** The first that waits for an answer. What has failed lets the others pass. */
  #next(chatId: number): OutboxItem | undefined {
    return this.#waiting(chatId).find(
      (item) =>
        item.state === 'pending' &&
        !item.answer &&
        !((item.kind === 'edit' || item.kind === 'delete') && item.messageId === undefined),
    );
  }

  /** @returns why it has to be tried again. */
  async #try(item: OutboxItem): Promise<MessengerError | undefined> {
    const wasTried = item.tried;
    if (!wasTried) {
      item = { ...item, tried: true };
      this.#put(item);
    }
    // After a crash it is known that the server may have it.
    await this.#keeper.flush();
    // It may have been changed meanwhile.
    const current = this.#item(item.key);
    if (!current || current.answer) return undefined;
    item = current.tried ? current : item;
    try {
      this.#answered(item, await deliver(this.#rest, item));
    } catch (error) {
      if (!(error instanceof MessengerError)) throw error;
      if (error.isTemporary) return error;
      this.#refused(item, error, wasTried);
    }
    return undefined;
  }

  #answered(item: OutboxItem, answer: Delivered): void {
    const { replica } = this.#keeper;
    // What was merged into it meanwhile is sent as well.
    const isSame = this.#item(item.key) === item;
    if (item.kind === 'send' || item.kind === 'edit') {
      if (answer.message && isSame) this.#delivered(item, answer.message, false, answer.message.pts);
      else if (isSame) this.#drop(item.key);
    } else if (item.kind === 'delete') {
      if (this.#item(item.key)) this.#put({ ...item, answer: {} });
      this.moved(item.chatId);
    } else {
      const chat = replica.chat(item.chatId);
      const { mark, settings } = answer;
      if (chat && mark && (mark.last_read_message_id ?? 0) > (chat.last_read_message_id ?? 0)) {
        this.#keeper.commit(readSteps(replica, chat, mark));
      } else if (chat && settings && isSame && item.kind === 'settings') {
        // What was not asked for may be newer here than in the answer.
        const others = Object.keys(settings).filter((name) => !(name in item.settings));
        const asked = without(settings, ...(others as (keyof ChatSettings)[]));
        this.#keeper.commit([{ type: 'chat', chat: { ...chat, ...asked } }]);
      }
      if (isSame) this.#drop(item.key);
    }
  }

  /** @param wasTried whether an earlier try may have done it. */
  #refused(item: OutboxItem, error: MessengerError, wasTried: boolean): void {
    if (this.#item(item.key) !== item) return;
    // Nobody could do anything about a mark, nor about a message that is gone, or was edited before the user left.
    if (item.kind === 'read' || (wasTried && error.code === 'MESSAGE_DOES_NOT_EXIST')) this.#drop(item.key);
    else this.#put({ ...item, state: 'failed', error: error.code });
    if (item.kind !== 'send') return;
    // It was never there: what was to be changed about it is changed here.
    for (const later of this.#about(item.chatId, item.key)) {
      this.#drop(later.key);
      if (later.kind === 'delete') this.#drop(item.key);
      else
        this.#put({
          ...item,
          contents: later.contents,
          given: { ...item.given, ...later.given },
          state: 'failed',
          error: error.code,
        });
    }
  }

  /** @param isHeld whether the copy of the chat has the message already. */
  #delivered(item: WaitingSend | WaitingEdit, message: Message, isHeld: boolean, pts = 0): void {
    const isThere = isHeld || pts <= (this.#keeper.replica.chat(item.chatId)?.pts ?? 0);
    const steps: Step[] = [
      isThere
        ? { type: 'settle', key: item.key }
        : {
            type: 'wait',
            item: { ...item, state: 'pending', error: undefined, answer: { pts, message: { ...message, pts } } },
          },
    ];
    const target = item.kind === 'send' ? item.key : message.id;
    for (const later of this.#about(item.chatId, target)) {
      if (later.key !== item.key && later.order > item.order) {
        steps.push({
          type: 'wait',
          item: { ...later, messageId: message.id, sendKey: undefined, version: message.version },
        });
      }
    }
    this.#keeper.commit(steps);
    this.work();
  }

  #add<Item extends OutboxItem>(item: New<Item>): void {
    // The time, so that it is right between tabs as well.
    let order = Date.now() - 1;
    for (const other of this.#keeper.replica.holdings.outbox.values()) order = Math.max(order, other.order);
    this.#put({ ...item, order: order + 1, state: 'pending', tried: false } as unknown as OutboxItem);
    this.work();
  }

  #put(item: OutboxItem): void {
    this.#keeper.commit([{ type: 'wait', item }]);
  }

  #drop(key: string): void {
    this.#keeper.commit([{ type: 'settle', key }]);
  }

  #item(key: string): OutboxItem | undefined {
    return this.#keeper.replica.holdings.outbox.get(key);
  }

  #waiting(chatId: number): readonly OutboxItem[] {
    return this.#keeper.replica.waiting(chatId);
  }

  /** The send under this key, unless it has been answered. */
  #sendOf(target: number | string): WaitingSend | undefined {
    const item = typeof target === 'string' ? this.#item(target) : undefined;
    return item?.kind === 'send' && !item.answer ? item : undefined;
  }

  /** The changes of a message that wait. */
  #about(chatId: number, target: number | string): (WaitingEdit | WaitingDeletion)[] {
    const { messageId } = this.#aim(chatId, target);
    return this.#waiting(chatId).filter(
      (item): item is WaitingEdit | WaitingDeletion =>
        (item.kind === 'edit' || item.kind === 'delete') &&
        !item.answer &&
        (item.sendKey === target || (messageId !== undefined && item.messageId === messageId)),
    );
  }

  #aim(chatId: number, target: number | string) {
    if (typeof target === 'number') return { messageId: target, version: this.#versionOf(chatId, target) };
    const item = this.#item(target);
    const sent = item ? item.answer?.message : this.#sentAs(chatId, target);
    if (sent) return { messageId: sent.id, version: sent.version };
    if (item) return { messageId: undefined, sendKey: target, version: undefined };
    throw new MessengerError('MESSAGE_DOES_NOT_EXIST', 'There is no message.');
  }

  /** Somebody may still hold the key of a message that has been sent meanwhile. */
  #sentAs(chatId: number, key: string): Message | undefined {
    const { replica } = this.#keeper;
    for (const message of replica.range(chatId).log.backwards()) {
      if (message.client_id === key && message.author_id === replica.userId) return message;
    }
    return undefined;
  }

  #versionOf(chatId: number, target: number | string): number | undefined {
    return typeof target === 'number' ? this.#keeper.replica.range(chatId).log.get(target)?.version : undefined;
  }
}
