import type { OutboxItem } from '../../../sdk/src/held.js';
import type { Answer } from '../../client/protocol.js';
import { isDefinite } from '../../client/servers.js';
import { markOf } from '../checker/history.js';
import type { Ledger, OpenDeletion, OpenEdit, OpenReading, OpenSend, OpenSetting, OwnMessage } from '../load/ledger.js';
import type { Person } from '../load/person.js';
import type { Manner } from '../load/writer.js';
import type { Asked } from './network.js';

type Befalling = Omit<Manner, 'road'>;

interface FollowedSend {
  readonly send: OpenSend;
  readonly message: OwnMessage;
  readonly done: () => void;
  /** When it was tried last. */
  askedAt: number;
  isDeletionAsked: boolean;
}

/** Follows what waits in the outboxes of somebody's devices: by the requests, their answers, and what is shown of it. */
export class OutboxRecord {
  /** By the marks of the messages. */
  readonly #sends = new Map<string, FollowedSend>();
  /** By their texts. */
  readonly #edits = new Map<string, OpenEdit>();
  readonly #deletions: OpenDeletion[] = [];
  /** By the chats: the last one. */
  readonly #readings = new Map<number, OpenReading>();
  /** By their times. */
  readonly #settings = new Map<string, OpenSetting>();
  /** What is to befall the first request of each name. */
  readonly #befalling = new Map<string, Befalling>();

  constructor(
    readonly person: Person,
    readonly ledger: Ledger,
  ) {}

  /** Settles when it is sent, or has failed. */
  followSend(send: OpenSend, befalling: Befalling): Promise<void> {
    const { chatId, mark, clientId } = send;
    const message = { chatId, mark, clientId, id: undefined };
    this.person.remember(message);
    this.#befalling.set(mark, befalling);
    return new Promise((done) => {
      this.#sends.set(mark, { send, message, done, askedAt: 0, isDeletionAsked: false });
    });
  }

  followEdit(edit: OpenEdit, node: number | undefined): void {
    this.#edits.set(edit.contents, edit);
    this.#befalling.set(edit.contents, { loss: 'none', node });
  }

  followDeletion(deletion: OpenDeletion): void {
    this.#deletions.push(deletion);
    const followed = this.#sends.get(deletion.message.mark);
    if (followed) followed.isDeletionAsked = true;
  }

  followReading(reading: OpenReading): void {
    this.#readings.set(reading.chatId, reading);
  }

  followSetting(setting: OpenSetting, node: number | undefined): void {
    this.#settings.set(setting.mutedUntil, setting);
    this.#befalling.set(setting.mutedUntil, { loss: 'none', node });
  }

  asked(request: Asked): Befalling | undefined {
    const name = nameOf(request);
    if (name === undefined) return undefined;
    const followed = this.#sends.get(name);
    if (followed) {
      followed.askedAt = Date.now();
      if (followed.send.tries++ > 0) this.ledger.counters.count('retried');
    }
    const setting = this.#settings.get(name);
    // It may have waited for long.
    if (setting && this.#befalling.has(name)) setting.begunAt = Date.now();
    const befalling = this.#befalling.get(name);
    this.#befalling.delete(name);
    return befalling;
  }

  answered(request: Asked, answer: Answer): void {
    const name = nameOf(request);
    if (name === undefined || !isDefinite(answer)) return;
    const [send, edit, setting] = [this.#sends.get(name), this.#edits.get(name), this.#settings.get(name)];
    const [what, id] = partsOf(request.path);
    if (send) {
      const { askedAt } = send;
      if (this.ledger.answerSend(send.send, { ...answer, askedAt })) send.message.id = answer.body.id;
    } else if (edit) this.ledger.answerEdit(edit, answer);
    else if (setting) this.ledger.answerSetting(setting, answer);
    else if (what === 'message') {
      const deletion = this.#deletionOf(id);
      if (deletion) this.ledger.answerDeletion(deletion, answer);
    } else {
      const reading = this.#readings.get(id);
      if (reading) this.ledger.answerReading(reading, answer);
    }
  }

  /** Something is shown as failed. */
  failed(item: OutboxItem): void {
    const { error = 'unknown' } = item;
    if (item.kind === 'send') {
      const followed = this.#sends.get(markOf(item.contents));
      if (!followed) return;
      followed.send.failedWith ??= error;
      this.person.forget(followed.message);
      followed.done();
    } else if (item.kind === 'edit') {
      const edit = this.#edits.get(item.contents);
      if (edit) edit.failedWith ??= error;
    } else if (item.kind === 'delete' && item.messageId !== undefined) {
      const deletion = this.#deletionOf(item.messageId);
      if (deletion) deletion.failedWith ??= error;
    }
  }

  /** A send does not wait any more. @param id of its message, if the device has it. */
  settled(item: OutboxItem, id: number | undefined): void {
    if (item.kind !== 'send') return;
    const followed = this.#sends.get(markOf(item.contents));
    if (!followed) return;
    const { send, message, isDeletionAsked, done } = followed;
    if (send.acknowledgements.length === 0 && id !== undefined) {
      this.ledger.answerSend(send, { status: 200, body: { id, deduplicated: true } });
      message.id = id;
    }
    if (send.tries === 0 && isDeletionAsked) send.isWithdrawn = true;
    if (message.id === undefined) this.person.forget(message);
    done();
  }

  #deletionOf(messageId: number): OpenDeletion | undefined {
    return this.#deletions.findLast(({ message }) => message.id === messageId);
  }
}

/** By what a request is known among those of its kind: each text, and each time, is there once. */
function nameOf({ method, path, body }: Asked): string | undefined {
  const [what, , part] = partsOf(path);
  if (method === 'POST' && part === 'message') return markOf(body.contents);
  if (method === 'PATCH' && what === 'message') return body.contents;
  if (method === 'PATCH' && part === 'settings') return body.muted_until;
  return method === 'DELETE' || part === 'read' ? `${method} ${path}` : undefined;
}

function partsOf(path: string): [what: string, id: number, part: string] {
  const [what = '', id = '', part = ''] = path.slice(1).split(/[/?]/);
  return [what, Number(id), part];
}
