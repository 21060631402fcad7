import { getSystemErrorName } from 'node:util';
import { createTransport } from 'nodemailer';
import { MailFailure, type Mail, type Transport } from './mail.js';

/** How long a mail server may take to let us connect, to greet, and between two answers. */
const TIMEOUT_MS = 10_000;
/** How many mails are sent at once. */
export const CONNECTIONS = 5;

/** What nodemailer adds to its errors. */
interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
  /** Of the operating system. */
  readonly errno?: number;
}

/** The mail server of an smtp:// or smtps:// URL. Its connections are opened when they are needed, and reused. */
export function smtpTransport(url: string, from: { readonly name: string; readonly address: string }): Transport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    // No text of a mail is ever taken for a path or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return {
    async send(id, { to, subject, text, html }: Mail) {
      try {
        await transport.sendMail({
          from,
          // As an object, it is never read as a list of addresses.
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
          // No answering machine answers.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw failureOf(error as SmtpError);
      }
    },
    close() {
      transport.close();
    },
  };
}

/** There is no such address, or it is none: https://www.rfc-editor.org/rfc/rfc3463#section-3.2 */
const NO_SUCH_ADDRESS = /^5\d\d[ -]5\.1\.(1|2|3|6|10)\b/;

function failureOf({ code = 'UNKNOWN', command, responseCode, response = '', errno }: SmtpError): MailFailure {
  const isFinal = command === 'RCPT TO' && NO_SUCH_ADDRESS.test(response);
  const detail = responseCode ?? (errno !== undefined && errno < 0 ? getSystemErrorName(errno) : undefined);
  return new MailFailure(detail === undefined ? code : `${code} ${detail}`, isFinal);
}
