import type { PassThrough } from 'node:stream';
import type { TextOutput } from '../../realtime/index.js';
import { drained } from './drained.js';

/** How long the rest may take. */
const CLOSING_MS = 2000;

/** The text of an answer that does not end. */
export function textOutput(stream: PassThrough): TextOutput {
  return {
    write(text) {
      if (!stream.writableEnded) stream.write(text);
    },
    get bufferedBytes() {
      return stream.readableLength + stream.writableLength;
    },
    drained: () => drained(stream),
    end() {
      stream.end();
      // A client that does not read will not read this either.
      setTimeout(() => stream.destroy(), CLOSING_MS).unref();
    },
  };
}
