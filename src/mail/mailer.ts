import type { MailSettings } from '../config/index.js';
import type { Database, Transaction } from '../database/index.js';
import type { Logger } from '../shared/logger.js';
import { MAX_USEFUL_MS } from './backoff.js';
import { DevMailbox } from './dev-mailbox.js';
import { write, type Letter } from './letter.js';
import type { Transport } from './mail.js';
import { insertMail } from './mail.queries.js';
import { MailSender, type MailTimes } from './mail-sender.js';
import { smtpTransport } from './smtp-transport.js';

interface MailerOptions {
  readonly db: Database;
  readonly log: Logger;
  /** undefined: looks once a second; tries again after 30 seconds, 2 and 10 minutes, 1 hour, and then every 6 hours. */
  readonly times?: MailTimes | undefined;
  /** What takes the mails in place of a mail server, in tests. */
  readonly transport?: Transport | undefined;
}

/** Writes mails into the queue, and sends what is in it. */
export class Mailer {
  /** undefined: mails go to a mail server. */
  readonly mailbox: DevMailbox | undefined;
  readonly #settings: MailSettings;
  readonly #sender: MailSender;

  constructor(settings: MailSettings, options: MailerOptions) {
    this.#settings = settings;
    this.mailbox = settings.smtpUrl === undefined ? new DevMailbox() : undefined;
    const transport = options.transport ?? this.mailbox ?? smtpTransport(settings.smtpUrl ?? '', settings.from);
    this.#sender = new MailSender({ ...options, transport });
  }

  /** The name of the host application, for what a letter says. */
  get appName(): string {
    return this.#settings.appName;
  }

  /** How often a process looks for mails, and for what becomes one, in ms. */
  get pollMs(): number {
    return this.#sender.pollMs;
  }

  /**
   * Queues a mail: it is sent, about a second after the commit, if and only if the transaction commits.
   * @param to one address.
   * @param usefulMs how long it is tried to send it: 3 days, unless nobody needs it that late.
   */
  async queue(tx: Transaction, to: string, letter: Letter, usefulMs = MAX_USEFUL_MS): Promise<void> {
    await insertMail(tx, { to, ...write(letter, this.#settings) }, usefulMs);
  }

  /**
   * The page of the host application that takes the token, and is told what it is for; undefined: there is none, so the mail
   * shows the code alone.
   */
  linkFor(purpose: string, token: string): string | undefined {
    if (this.#settings.linkUrl === undefined) return undefined;
    const url = new URL(this.#settings.linkUrl);
    url.searchParams.set('purpose', purpose);
    url.searchParams.set('token', token);
    return url.href;
  }

  /** Begins to send. */
  start(): void {
    this.#sender.start();
  }

  /** Settles within two seconds. */
  stop(): Promise<void> {
    return this.#sender.stop();
  }
}
