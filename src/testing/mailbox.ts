import type { SentMail } from './thread/messages.js';
import { realClearTimeout, realSetTimeout } from './real-time.js';

const PATIENCE_MS = 5000;

/** As the letters of the server have it, in a line of its own. */
const CODE = /^ {4}(\S+)$/m;

export interface ReceivedMail extends SentMail {
  /** The code that the mail brings; undefined for one without. */
  readonly code: string | undefined;
}

/** Which mail is meant: every one that has all of what is given. */
export interface MailFilter {
  /** The address. */
  readonly to?: string;
  /** Words of the subject. */
  readonly subject?: string | RegExp;
  /** How long it is waited for. */
  readonly timeout_ms?: number;
}

interface Waiter {
  readonly isMeant: (mail: ReceivedMail) => boolean;
  readonly resolve: (mail: ReceivedMail) => void;
}

/** What the server has sent. None of it has left the process. */
export class Mailbox {
  readonly #all: ReceivedMail[] = [];
  readonly #unread: ReceivedMail[] = [];
  readonly #waiters = new Set<Waiter>();

  /** All that have come, the first one first. */
  get all(): readonly ReceivedMail[] {
    return this.#all;
  }

  /**
   * The first mail that `next` has not returned yet, once it is there.
   * @throws Error that says what has come, when none comes in time.
   */
  async next({ to, subject, timeout_ms: timeoutMs = PATIENCE_MS }: MailFilter = {}): Promise<ReceivedMail> {
    const isMeant = (mail: ReceivedMail) =>
      (to === undefined || mail.to.toLowerCase() === to.toLowerCase()) &&
      (subject === undefined ||
        (typeof subject === 'string' ? mail.subject.includes(subject) : subject.test(mail.subject)));
    const index = this.#unread.findIndex(isMeant);
    const [mail] = index < 0 ? [] : this.#unread.splice(index, 1);
    return mail ?? (await this.#wait(isMeant, timeoutMs));
  }

  receive(sent: SentMail): void {
    const mail = { ...sent, code: CODE.exec(sent.text)?.[1] };
    this.#all.push(mail);
    for (const waiter of this.#waiters) {
      if (!waiter.isMeant(mail)) continue;
      waiter.resolve(mail);
      return;
    }
    this.#unread.push(mail);
  }

  #wait(isMeant: Waiter['isMeant'], timeoutMs: number): Promise<ReceivedMail> {
    return new Promise((resolve, reject) => {
      const timer = realSetTimeout(() => {
        this.#waiters.delete(waiter);
        const unread = this.#unread.map((mail) => `"${mail.subject}" to ${mail.to}`).join(', ') || 'none';
        reject(new Error(`No such mail within ${timeoutMs} ms. Not read yet: ${unread}.`));
      }, timeoutMs);
      const waiter: Waiter = {
        isMeant,
        resolve: (mail) => {
          realClearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(mail);
        },
      };
      this.#waiters.add(waiter);
    });
  }
}
