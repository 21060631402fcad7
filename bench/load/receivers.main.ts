// Holds sockets in a process of its own, so that reading does not wait for those that send; see receivers.ts.
import { createHistogram } from 'node:perf_hooks';
import { contentsOf, sentAt } from './clock.js';
import { Receiver } from './receiver.js';
import type { Command, Reading } from './receivers.js';

/** So many handshakes are under way at once. */
const AT_ONCE = 50;
const NANOSECONDS = 1e6;

const receivers: Receiver[] = [];
let times = createHistogram();
let frames = 0;
let lastAt = 0;
let sample = '';
let isTimed = false;

function receive(payload: Buffer): void {
  frames++;
  lastAt = performance.now();
  if (frames === 1) sample = payload.toString();
  if (!isTimed) return;
  const sent = sentAt(contentsOf(payload.toString()));
  if (sent !== undefined) times.record(process.hrtime.bigint() - sent);
}

async function open(url: string, tokens: readonly string[]): Promise<void> {
  const target = new URL(url);
  for (let start = 0; start < tokens.length; start += AT_ONCE) {
    const opening = tokens.slice(start, start + AT_ONCE).map((token) => Receiver.open(target, token, receive));
    receivers.push(...(await Promise.all(opening)));
  }
}

function begin(): void {
  frames = 0;
  times = createHistogram();
}

function read(): Reading {
  return {
    frames,
    lastAt: performance.timeOrigin + lastAt,
    sample,
    closed: receivers.filter(({ closed }) => closed).length,
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
      isTimed = command.timed;
      begin();
      return undefined;
    case 'read':
      return read();
    case 'pause':
      for (const receiver of receivers) receiver.pause();
      return undefined;
    case 'resume':
      for (const receiver of receivers) receiver.resume();
      return undefined;
    case 'close':
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
