/** Above these a length takes two bytes, or eight. Source: https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
const MAX_SHORT = 125;
const MAX_MEDIUM = 0xffff;
const FINAL_TEXT = 0x81;

/** Frames that go out together, each as a text and all of them as the bytes of the wire. */
export class Chunk {
  #bytes: Buffer | undefined;

  constructor(readonly texts: readonly string[]) {}

  /** Made once, whoever gets them: on a socket without compression nothing in a frame depends on who reads it. */
  get bytes(): Buffer {
    this.#bytes ??= joined(this.texts.map(textFrame));
    return this.#bytes;
  }
}

function joined(frames: readonly Buffer[]): Buffer {
  const [first, ...others] = frames;
  return first && others.length === 0 ? first : Buffer.concat(frames);
}

function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length <= MAX_SHORT ? 2 : length <= MAX_MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FINAL_TEXT;
  if (length <= MAX_SHORT) {
    frame[1] = length;
  } else if (length <= MAX_MEDIUM) {
    frame[1] = MAX_SHORT + 1;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = MAX_SHORT + 2;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, start);
  return frame;
}
