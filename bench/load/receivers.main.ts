// Holds sockets in a process of its own, so that reading does not wait for the load; see receivers.ts.
import { Connection } from '../../test/client/connection.js';
import type { SessionEnded } from '../../test/client/session.js';
import { now, sentAt, Times } from './clock.js';
import { serve } from './forked.js';

/** So many handshakes are under way at once. */
const AT_ONCE = 50;

const receivers: { readonly connection: Connection; frames: number }[] = [];
let times = new Times();
let lastAt = 0;
let sample: Buffer | undefined;

async function open(url: string, token: string): Promise<void> {
  const receiver = { frames: 0 };
  const onFrame = (frame: Buffer) => {
    lastAt = now();
    receiver.frames++;
    sample ??= frame;
    const sent = sentAt(frame);
    if (sent !== undefined) times.add(lastAt - sent);
  };
  receivers.push(Object.assign(receiver, { connection: await Connection.open(url, token, { onFrame }) }));
}

const commands = {
  /** Settles when all of them are ready. */
  async open(url: string, tokens: readonly string[]) {
    for (let start = 0; start < tokens.length; start += AT_ONCE) {
      await Promise.all(tokens.slice(start, start + AT_ONCE).map((token) => open(url, token)));
    }
  },
  /** Counts anew. */
  begin() {
    times = new Times();
    sample = undefined;
    for (const receiver of receivers) receiver.frames = 0;
  },
  /** @param due how many frames each socket is due. @returns what came since the beginning; times in ms. */
  read(due: number) {
    const sum = (of: (frames: number) => number) => receivers.reduce((total, { frames }) => total + of(frames), 0);
    return {
      frames: sum((frames) => frames),
      // Counted socket by socket, so that they do not make up for each other.
      missing: sum((frames) => Math.max(0, due - frames)),
      surplus: sum((frames) => Math.max(0, frames - due)),
      lastAt,
      sample: sample?.toString() ?? '',
      closeCodes: receivers.flatMap(({ connection: { ended } }) => {
        return ended.aborted ? (ended.reason as SessionEnded).code : [];
      }),
      /** From sending to receiving; 0 where the messages do not say when they were sent. */
      ...times.figures(),
    };
  },
  /** They take no more from the network, until resume. */
  pause() {
    for (const { connection } of receivers) connection.pause();
  },
  resume() {
    for (const { connection } of receivers) connection.resume();
  },
  close() {
    for (const { connection } of receivers.splice(0)) connection.cut();
  },
};
export type Commands = typeof commands;

serve(commands);
