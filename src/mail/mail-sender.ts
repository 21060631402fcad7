import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/index.js';
import type { Logger } from '../shared/logger.js';
import { mailCount } from '../shared/metrics.js';
import { Repetition } from '../shared/repetition.js';
import { defaultBackoff, type Backoff } from './backoff.js';
import { MailFailure, type Transport } from './mail.js';
import { claimMails, postponeMail, removeMail, type ClaimedMail } from './mail.queries.js';
import { CONNECTIONS } from './smtp-transport.js';

/** A mail server that answers, but too slowly, is given up after this. */
const SEND_TIMEOUT_MS = 60_000;
/** Longer than a mail can take, so that no other process sends it as well. */
const LEASE_MS = 2 * SEND_TIMEOUT_MS;
/** A process that stops waits so long for the mails that it is sending. */
const STOP_TIMEOUT_MS = 1500;

/** When mails are sent. */
export interface MailTimes {
  /** How often a process looks for mails. */
  readonly pollMs: number;
  readonly backoff: Backoff;
}

const USUAL_TIMES: MailTimes = { pollMs: 1000, backoff: defaultBackoff };

interface MailSenderOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly transport: Transport;
  readonly times?: MailTimes | undefined;
}

/**
 * Sends the mails that are due. Each is sent at least once: a process that dies between the mail server's word and its own
 * note of it leaves the mail to be sent again.
 */
export class MailSender {
  readonly #options: MailSenderOptions;
  readonly pollMs: number;
  readonly #backoff: Backoff;
  readonly #rounds: Repetition;

  constructor(options: MailSenderOptions) {
    this.#options = options;
    const { pollMs, backoff } = options.times ?? USUAL_TIMES;
    this.pollMs = pollMs;
    this.#backoff = backoff;
    this.#rounds = new Repetition(() => this.#sendDue(), {
      pauseMs: pollMs,
      log: options.log,
      failure: 'could not look for mails; trying on',
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Settles within two seconds. What has not been sent by then is sent by another process, or after the next start. */
  async stop(): Promise<void> {
    const waited = new AbortController();
    await Promise.race([
      this.#rounds.stop(),
      sleep(STOP_TIMEOUT_MS, undefined, { signal: waited.signal }).catch(() => undefined),
    ]);
    waited.abort();
    this.#options.transport.close();
  }

  /** Goes on at once while there are more, unless no mail gets through. */
  async #sendDue(): Promise<void> {
    for (;;) {
      if (this.#rounds.isStopped) return;
      const mails = await claimMails(this.#options.db, CONNECTIONS, LEASE_MS);
      const areGone = await Promise.all(mails.map((mail) => this.#send(mail)));
      if (mails.length < CONNECTIONS || !areGone.includes(true)) return;
    }
  }

  /** @returns whether it is out of the way. */
  async #send(claimed: ClaimedMail): Promise<boolean> {
    const { db, transport } = this.#options;
    // Nothing has sent mails for a while: nobody needs this one any more, such as one with a code that has expired.
    if (claimed.leftMs <= 0) {
      await this.#giveUp(claimed, 'TOO_LATE');
      return true;
    }
    try {
      await withTimeout(transport.send(claimed.id, claimed.mail));
    } catch (error) {
      await this.#failed(claimed, error);
      return false;
    }
    mailCount.inc({ result: 'sent' });
    await removeMail(db, claimed);
    return true;
  }

  async #failed(claimed: ClaimedMail, error: unknown): Promise<void> {
    const { db, log } = this.#options;
    const { reason, isFinal } = error instanceof MailFailure ? error : { reason: 'UNKNOWN', isFinal: false };
    const { id, tries, leftMs } = claimed;
    const delayMs = this.#backoff(tries);
    if (isFinal || delayMs > leftMs) {
      await this.#giveUp(claimed, reason);
      return;
    }
    mailCount.inc({ result: 'failed' });
    // Neither the address nor the words of the mail server, which often repeat it.
    log.warn({ mail_id: id, tries, reason }, 'could not send a mail; trying again');
    await postponeMail(db, claimed, delayMs);
  }

  async #giveUp(claimed: ClaimedMail, reason: string): Promise<void> {
    const { db, log } = this.#options;
    mailCount.inc({ result: 'given_up' });
    log.error({ mail_id: claimed.id, tries: claimed.tries, reason }, 'gave up a mail');
    await removeMail(db, claimed);
  }
}

async function withTimeout(sending: Promise<void>): Promise<void> {
  const waited = new AbortController();
  const timeout = sleep(SEND_TIMEOUT_MS, undefined, { signal: waited.signal, ref: false }).then(() => {
    throw new MailFailure('ETIMEDOUT', false);
  });
  try {
    await Promise.race([sending, timeout]);
  } finally {
    timeout.catch(() => undefined);
    waited.abort();
  }
}
