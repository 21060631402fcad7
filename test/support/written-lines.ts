import { Writable } from 'node:stream';
import { checkLines } from './checked-log.js';

/** A destination for a logger, and the lines that have been written there. */
export function writtenLines(): { readonly destination: Writable; readonly written: string[] } {
  const written: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      checkLines(String(chunk));
      done();
    },
  });
  return { destination, written };
}
