import type { BenchDatabase } from '../data/database.js';
import { signIn } from '../data/tokens.js';
import { WORLD } from '../data/world.js';
import { timed } from '../load/clock.js';
import { probe } from '../load/probe.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { send } from '../requests.js';
import { SECRET, startMessenger } from '../servers/messenger.js';
import { memoryOf } from '../servers/usage.js';
import { audienceOf } from './audiences.js';

/** What the others notice of a client that does not read. */
export interface SlowReaderResult {
  readonly members: number;
  readonly messagesPerSecond: number;
  /** Bytes of each message. */
  readonly bytes: number;
  /** With everybody reading, and with one more who does not; ms from sending to the arrival at those who read. */
  readonly phases: readonly {
    readonly name: 'all read' | 'one does not';
    readonly p50: number;
    readonly p99: number;
    readonly missing: number;
    /** Resident memory of the server at the end, in MiB; null where it is not known. */
    readonly memory: number | null;
  }[];
  /** Whether the server has closed the connection of the one who does not. */
  readonly closed: boolean;
}

const MEMBERS = 10;
const PER_SECOND = 200;
/** So large, and for so long, that what the kernel takes in is full well before the end: as UTF-8 it is 8 kB. */
const FILLER = '🐢'.repeat(2000);
/** Than a round of the others. */
const LONGER = 8;

export async function measureSlowReader(
  database: BenchDatabase,
  { users, seconds }: Options,
  folder: string,
): Promise<SlowReaderResult> {
  const { chatId, members, authors } = (await audienceOf(MEMBERS, users))!;
  const server = await startMessenger(database, folder);
  const [readers, slow] = [new Receivers(), new Receivers()];
  await readers.open(
    server.url,
    members.slice(1).map(({ token }) => token),
  );
  const message = () => send(authors[0]!, chatId, timed() + FILLER);
  const phase = async <Name extends string>(name: Name) => {
    await readers.begin({ timed: true });
    const { answers } = await probe(server.url, message, PER_SECOND, seconds * LONGER);
    const { p50, p99, missing } = await readers.readUntil(answers);
    return { name, p50, p99, missing, memory: memoryOf(server.pid) ?? null };
  };
  await phase('warm up');
  const allRead = await phase('all read' as const);
  const [someone] = await signIn([WORLD.firstAuthor], SECRET);
  await slow.open(server.url, [someone!.token]);
  await slow.pause();
  const oneDoesNot = await phase('one does not' as const);
  await slow.resume();
  const closed = (await slow.closeCodes(1)).length === 1;
  readers.end();
  slow.end();
  await server.stop();
  return {
    members: MEMBERS,
    messagesPerSecond: PER_SECOND,
    bytes: Buffer.byteLength(FILLER),
    phases: [allRead, oneDoesNot],
    closed,
  };
}
