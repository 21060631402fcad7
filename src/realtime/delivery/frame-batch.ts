import { Sender } from 'ws';
import type { EncodedEvent } from '../protocol/event.js';

declare module 'ws' {
  // The library has it, its types do not.
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- it is what it is
  class Sender {
    static frame(data: Buffer, options: { fin: boolean; opcode: number }): Buffer[];
  }
}

/** A whole text in one frame. Source: https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
const TEXT = { fin: true, opcode: 1 };

/** Frames that go out together, each as an event and all of them as the bytes of the wire. */
export class FrameBatch {
  #bytes: Buffer | undefined;

  constructor(readonly events: readonly EncodedEvent[]) {}

  /** Made once for all clients: on a socket without compression nothing in a frame depends on its reader. */
  get bytes(): Buffer {
    this.#bytes ??= Buffer.concat(this.events.flatMap(({ text }) => frameOf(text)));
    return this.#bytes;
  }
}

/** The parts of a frame, which the library puts together. */
function frameOf(text: string): Buffer[] {
  return Sender.frame(Buffer.from(text), TEXT);
}
