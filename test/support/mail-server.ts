import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, vi } from 'vitest';
import type { MailSettings } from '../../src/config/index.js';
import { rememberSecrets } from './checked-log.js';

export interface ArrivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** By name, in lower case. */
  readonly headers: Record<string, string>;
  readonly text: string;
  readonly html: string;
}

/** A mail server that keeps what arrives. */
export class MailServer {
  readonly mails: ArrivedMail[] = [];
  /** How many clients have said where a mail goes to. */
  recipients = 0;
  /** What it answers to a recipient; undefined: it takes them all. */
  refusal: { readonly code: number; readonly text: string } | undefined;
  port = 0;
  #server: SMTPServer | undefined;

  /** On the port on which it was before, if it was. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      logger: false,
      onRcptTo: ({ address }, _session, done) => {
        this.recipients += 1;
        const { refusal } = this;
        done(refusal && Object.assign(new Error(`${refusal.text} <${address}>`), { responseCode: refusal.code }));
      },
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const from = envelope.mailFrom ? envelope.mailFrom.address : '';
          const to = envelope.rcptTo.map(({ address }) => address);
          this.mails.push({ from, to, ...parse(Buffer.concat(chunks).toString('latin1')) });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    server.listen(this.port, '127.0.0.1');
    await once(server.server, 'listening');
    this.port = (server.server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  }

  settings(more: Partial<MailSettings> = {}): MailSettings {
    return {
      smtpUrl: `smtp://127.0.0.1:${this.port}`,
      from: { name: 'Messenger', address: 'no-reply@example.com' },
      appName: 'Messenger',
      color: '#2563eb',
      logoUrl: undefined,
      linkUrl: undefined,
      ...more,
    };
  }

  /** The codes of all mails that have come to the address, once there are so many; empty for a mail without one. */
  async codesTo(address: string, count: number): Promise<string[]> {
    await vi.waitFor(
      () => {
        expect(this.to(address)).toHaveLength(count);
      },
      { timeout: 10_000 },
    );
    const codes = this.to(address).map(({ text }) => /^ {4}(\S{20,})$/m.exec(text)?.[1] ?? '');
    rememberSecrets({ codes });
    return codes;
  }

  to(address: string): ArrivedMail[] {
    return this.mails.filter(({ to }) => to.includes(address));
  }
}

function parse(source: string): Pick<ArrivedMail, 'headers' | 'text' | 'html'> {
  const { headers, body } = split(source);
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = body.split(`--${boundary}`).map((part) => split(part.replace(/^\r\n/, '').replace(/\r\n$/, '')));
  const part = (type: string) => {
    const found = parts.find((one) => one.headers['content-type']?.startsWith(type));
    return found ? decode(found.body, found.headers['content-transfer-encoding'] ?? '7bit') : '';
  };
  return { headers, text: part('text/plain'), html: part('text/html') };
}

function split(source: string): { headers: Record<string, string>; body: string } {
  const [head = '', body = ''] = source.split(/\r\n\r\n(.*)/s);
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.map((line) => {
    const [name = '', value = ''] = line.split(/: ?(.*)/s);
    return [name.toLowerCase(), value];
  });
  return { headers: Object.fromEntries(headers) as Record<string, string>, body };
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const joined = body.replace(/=\r\n/g, '');
  const bytes = joined.replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
