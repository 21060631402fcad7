// The little of PostgreSQL's wire protocol (version 3) that the gateway has to understand.
// Source: https://www.postgresql.org/docs/current/protocol-message-formats.html

export const SSL_REQUEST = 80877103;
export const GSS_ENCRYPTION_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;

const TYPE_BYTES = 1;
const LENGTH_BYTES = 4;

/** The longest message that is taken from a client, in bytes: far above the 1 MiB that a request's body may have. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Cuts a stream of bytes into protocol messages, each with its header. */
export class MessageReader {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  /**
   * The next whole message, or undefined while it has not arrived.
   * @param typed false for the messages that open a connection: they have a length but no type byte.
   * @throws RangeError when the stream cannot be this protocol, or a message is over MAX_MESSAGE_BYTES.
   */
  next(typed: boolean): Buffer | undefined {
    const header = typed ? TYPE_BYTES : 0;
    if (this.#bytes.length < header + LENGTH_BYTES) return undefined;
    const length = this.#bytes.readInt32BE(header);
    if (length < LENGTH_BYTES || length > MAX_MESSAGE_BYTES) throw new RangeError('not a PostgreSQL message');
    const end = header + length;
    if (this.#bytes.length < end) return undefined;
    const message = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(end);
    return message;
  }
}

export function messageType(message: Uint8Array): string {
  return String.fromCharCode(message[0] ?? 0);
}

/** Builds a message of the given type byte. */
export function message(type: string, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)));
  const header = Buffer.alloc(TYPE_BYTES + LENGTH_BYTES);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(LENGTH_BYTES + body.length, TYPE_BYTES);
  return Buffer.concat([header, body]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** The zero-terminated text at the offset, without its zero. */
export function textAt(bytes: Buffer, offset: number): string {
  return bytes.toString('utf8', offset, bytes.indexOf(0, offset));
}

/** The transaction state ('I' idle, 'T' open, 'E' failed) when the bytes end with ReadyForQuery. */
export function endingTransactionState(output: Buffer): string | undefined {
  const readyForQuery = output.subarray(-6);
  if (readyForQuery.length < 6 || messageType(readyForQuery) !== 'Z' || readyForQuery.readInt32BE(1) !== 5) {
    return undefined;
  }
  return String.fromCharCode(readyForQuery[5] ?? 0);
}
