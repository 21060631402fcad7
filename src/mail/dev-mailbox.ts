import type { Mail, Transport } from './mail.js';

const MAX_MAILS = 100;

export interface ReceivedMail extends Mail {
  readonly id: string;
  /** ISO 8601, in UTC. */
  readonly received_at: string;
}

/** Takes mails in place of a mail server, so that a developer can read them. They end with the process. */
export class DevMailbox implements Transport {
  #mails: ReceivedMail[] = [];

  /** Newest first. */
  get mails(): readonly ReceivedMail[] {
    return this.#mails;
  }

  send(id: string, mail: Mail): Promise<void> {
    this.#mails = [{ id, received_at: new Date().toISOString(), ...mail }, ...this.#mails].slice(0, MAX_MAILS);
    return Promise.resolve();
  }

  close(): void {
    // Nothing is open.
  }
}
