const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const OPCODE = 0x0f;
const LENGTH = 0x7f;

export interface FrameHandlers {
  readonly onText: (payload: Buffer) => void;
  readonly onPing: () => void;
  /** @property payload begins with the code, in two bytes. */
  readonly onClose: (payload: Buffer) => void;
}

/**
 * Takes the frames of a server out of what a socket reads, with as little work as can be, so that thousands of receivers
 * do not become what is measured. Source: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export class FrameReader {
  #rest: Buffer | undefined;

  constructor(private readonly handlers: FrameHandlers) {}

  /** @param chunk is not looked at afterwards: the next one may be in the same memory. */
  read(chunk: Buffer): void {
    const { onText, onPing, onClose } = this.handlers;
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      const frame = frameAt(bytes, at);
      if (!frame || frame.end > bytes.length) break;
      if (frame.opcode === TEXT) onText(bytes.subarray(frame.start, frame.end));
      else if (frame.opcode === PING) onPing();
      else if (frame.opcode === CLOSE) onClose(bytes.subarray(frame.start, frame.end));
      at = frame.end;
    }
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined;
  }
}

function frameAt(bytes: Buffer, at: number): { opcode: number; start: number; end: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  const opcode = bytes.readUInt8(at) & OPCODE;
  const short = bytes.readUInt8(at + 1) & LENGTH;
  const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
  if (bytes.length < start) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return { opcode, start, end: start + length };
}
