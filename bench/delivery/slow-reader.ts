import type { BenchDatabase } from '../data/database.js';
import { timed } from '../load/clock.js';
import { probe } from '../load/probe.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { send } from '../requests.js';
import { startMessenger } from '../servers/messenger.js';
import type { RunningServer } from '../servers/process.js';
import { memoryOf } from '../servers/usage.js';
import { spread, type Spread } from '../statistics.js';
import { audienceOf } from './audiences.js';
import { turns } from './turns.js';

/** What the others notice of clients that do not read. */
export interface SlowReaderResult {
  readonly members: number;
  /** How many of them do not read in one of the phases. */
  readonly slow: number;
  readonly messagesPerSecond: number;
  /** How long a phase is. */
  readonly seconds: number;
  /** Bytes of each message. */
  readonly bytes: number;
  readonly phases: readonly SlowReaderPhase[];
  /** How many of the sockets that were not read the server closed, by the code that they found when they read again. */
  readonly closed: Record<string, number>;
}

/** Over all rounds; ms from sending to the arrival at those who always read. */
export interface SlowReaderPhase {
  readonly name: 'all read' | 'some do not';
  readonly p50: Spread;
  readonly p99: Spread;
  readonly missing: number;
  readonly surplus: number;
  /** Answers other than 200, and requests without an answer. */
  readonly errors: number;
  /** Resident memory of the server in MiB: before the phase, the most during it, at its end; null where it is not known. */
  readonly memory: { readonly before: Spread; readonly peak: Spread; readonly end: Spread } | null;
}

const MEMBERS = 10;
const SLOW = 3;
/**
 * In these seconds more is due to a socket than the kernel takes in, which is some four megabytes, and the server keeps
 * for it. They are no more than it goes on waiting for an answer to its close: a client that reads again then finds the close.
 */
const SECONDS = 2;
const PER_SECOND = 500;
/** As UTF-8 it is 8 kB. */
const FILLER = '🐢'.repeat(2000);
const MEMORY_EVERY_MS = 50;

export async function measureSlowReader(
  database: BenchDatabase,
  { users, rounds }: Options,
  folder: string,
): Promise<SlowReaderResult> {
  const { chatId, members, authors } = (await audienceOf(MEMBERS, users))!;
  const server = await startMessenger(database, folder);
  const tokens = members.map(({ token }) => token);
  const [readers, slow] = [new Receivers(), new Receivers()];
  await readers.open(server.url, tokens.slice(SLOW));
  const message = () => send(authors[0]!, chatId, timed() + FILLER);
  const closed: Record<string, number> = {};

  const runPhase = async (areSlow: boolean) => {
    await slow.open(server.url, tokens.slice(0, SLOW));
    if (areSlow) await slow.pause();
    await readers.begin({ timed: true });
    const memory = watchMemory(server);
    const sent = await probe(server.url, message, PER_SECOND, SECONDS);
    await slow.resume();
    const received = await readers.readUntil(sent.answers);
    const codes = areSlow ? await slow.closeCodes(SLOW) : [];
    for (const code of codes) closed[code] = (closed[code] ?? 0) + 1;
    await slow.closeAll();
    return { sent, received, memory: memory.end() };
  };
  type Phase = Awaited<ReturnType<typeof runPhase>>;
  const [allRead, someDoNot]: [Phase[], Phase[]] = [[], []];
  await runPhase(false);
  const phases = [async () => allRead.push(await runPhase(false)), async () => someDoNot.push(await runPhase(true))];
  for (let round = 0; round < rounds; round++) {
    for (const run of turns(phases, round)) await run();
  }
  readers.end();
  slow.end();
  await server.stop();

  const summarize = (name: SlowReaderPhase['name'], of: readonly Phase[]): SlowReaderPhase => {
    const sum = (count: (phase: Phase) => number) => of.reduce((total, phase) => total + count(phase), 0);
    const memories = of.flatMap(({ memory }) => memory ?? []);
    return {
      name,
      p50: spread(of.map(({ received }) => received.p50)),
      p99: spread(of.map(({ received }) => received.p99)),
      missing: sum(({ received }) => received.missing),
      surplus: sum(({ received }) => received.surplus),
      errors: sum(({ sent }) => sent.failures),
      memory:
        memories.length === 0
          ? null
          : {
              before: spread(memories.map(({ before }) => before)),
              peak: spread(memories.map(({ peak }) => peak)),
              end: spread(memories.map(({ end }) => end)),
            },
    };
  };
  return {
    members: MEMBERS,
    slow: SLOW,
    messagesPerSecond: PER_SECOND,
    seconds: SECONDS,
    bytes: Buffer.byteLength(FILLER),
    phases: [summarize('all read', allRead), summarize('some do not', someDoNot)],
    closed,
  };
}

/** @returns what ends it, and tells; undefined where memory is not known. */
function watchMemory({ pid }: RunningServer) {
  const before = memoryOf(pid);
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(pid) ?? 0);
  }, MEMORY_EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      const end = memoryOf(pid);
      return before === undefined || end === undefined ? undefined : { before, peak: Math.max(peak, before, end), end };
    },
  };
}
