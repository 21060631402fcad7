/** A mail that is ready to be sent. */
export interface Mail {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Where mails go to: a mail server, or the development mailbox. */
export interface Transport {
  /**
   * @param id of the mail; the same when it is sent again.
   * @throws MailFailure
   */
  send(id: string, mail: Mail): Promise<void>;
  close(): void;
}

/** Why a mail was not sent, without any word of the mail server: those often repeat the address. */
export class MailFailure extends Error {
  override readonly name = 'MailFailure';

  constructor(
    /** For the log: such as "ESOCKET ECONNREFUSED", or "EAUTH 535". */
    readonly reason: string,
    /** Whether it fails every time, because there is no such address. */
    readonly isFinal: boolean,
  ) {
    super(reason);
  }
}
