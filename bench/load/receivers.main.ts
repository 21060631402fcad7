// Holds sockets in a process of its own, so that reading does not wait for those that send; see receivers.ts.
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Arrivals } from './arrivals.js';
import { contentsOf, now, sentAt } from './clock.js';
import { Receiver } from './receiver.js';
import type { Command, Reading } from './receivers.js';

/** So many handshakes are under way at once. */
const AT_ONCE = 50;
const NANOSECONDS = 1e6;
/** When nothing has arrived for so long, nothing is due. */
const QUIET_MS = 50;

const receivers: Receiver[] = [];
const arrivals = new Arrivals(read);
let times = createHistogram();
let isTimed = false;
/** When the last bytes arrived, and those that are being read. */
let arrivedAt = 0;
let readAt = 0;
/** When the last frame arrived. */
let lastAt = 0;
let sample = '';

function arrive(receiver: Receiver, bytes: Buffer): void {
  arrivedAt = now();
  if (isTimed) arrivals.keep(receiver, bytes, arrivedAt);
  // Where only the number counts, keeping would take longer than reading.
  else read(receiver, bytes, arrivedAt);
}

function read(receiver: Receiver, bytes: Buffer, at: number): void {
  readAt = at;
  receiver.read(bytes);
}

function receive(payload: Buffer): void {
  lastAt = readAt;
  if (sample === '') sample = payload.toString();
  if (!isTimed) return;
  const sent = sentAt(contentsOf(payload.toString()));
  if (sent !== undefined) times.record(Math.max(1, Math.round((readAt - sent) * NANOSECONDS)));
}

async function open(url: string, tokens: readonly string[]): Promise<void> {
  const target = new URL(url);
  const handlers = { onArrival: arrive, onFrame: receive };
  isTimed = false;
  for (let start = 0; start < tokens.length; start += AT_ONCE) {
    const opening = tokens.slice(start, start + AT_ONCE).map((token) => Receiver.open(target, token, handlers));
    receivers.push(...(await Promise.all(opening)));
  }
}

function begin(timed: boolean): void {
  arrivals.readAll();
  isTimed = timed;
  sample = '';
  for (const receiver of receivers) receiver.frames = 0;
  times = createHistogram();
}

async function tell(messages: number): Promise<Reading> {
  while (isTimed && now() - arrivedAt < QUIET_MS) await sleep(QUIET_MS);
  arrivals.readAll();
  const sum = (of: (receiver: Receiver) => number) => receivers.reduce((total, receiver) => total + of(receiver), 0);
  return {
    frames: sum(({ frames }) => frames),
    missing: sum(({ frames }) => Math.max(0, messages - frames)),
    surplus: sum(({ frames }) => Math.max(0, frames - messages)),
    lastAt,
    sample,
    closeCodes: receivers.flatMap(({ closeCode }) => closeCode ?? []),
    p50: times.percentile(50) / NANOSECONDS,
    p99: times.percentile(99) / NANOSECONDS,
  };
}

async function obey(command: Command): Promise<unknown> {
  switch (command.kind) {
    case 'open':
      await open(command.url, command.tokens);
      return undefined;
    case 'begin':
      begin(command.timed);
      return undefined;
    case 'read':
      return tell(command.messages);
    case 'pause':
      for (const receiver of receivers) receiver.pause();
      return undefined;
    case 'resume':
      for (const receiver of receivers) receiver.resume();
      return undefined;
    case 'close':
      arrivals.readAll();
      for (const receiver of receivers.splice(0)) receiver.close();
      return undefined;
  }
}

process.on('message', (command: Command) => {
  obey(command).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: (error as Error).message }),
  );
});
process.once('disconnect', () => process.exit(0));
