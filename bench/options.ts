import { parseArgs } from 'node:util';

export interface Options {
  /** How much data is loaded. */
  readonly users: number;
  readonly chats: number;
  readonly messages: number;
  /** Numbers of messages at which the growth is measured, in databases of their own, besides `messages`. */
  readonly smallerSizes: readonly number[];
  /** How often each pair is measured. */
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** How long a burst of logins, and an overload, goes on. */
  readonly burstSeconds: number;
  /** How long a round goes on that measures how long messages take: at its p99 there have to be some. */
  readonly latencySeconds: number;
  /** How long connections are idle; longer than the 20 s between two pings. */
  readonly idleSeconds: number;
  /** How long a server takes to settle when many have come or gone. */
  readonly settleSeconds: number;
  /** How long messages are sent to a database that was empty. */
  readonly emptySeconds: number;
  /** Another server that speaks the same contract. */
  readonly peer: string | undefined;
  /** Only hot requests whose name contains this. */
  readonly only: string | undefined;
  readonly parts: readonly Part[];
  /** Where the results are written; undefined: they are only printed. */
  readonly output: string | undefined;
}

const PARTS = [
  'plans',
  'from empty',
  'growth',
  'throughput',
  'login burst',
  'overload',
  'delivery',
  'latency',
  'slow reader',
  'idle',
] as const;
export type Part = (typeof PARTS)[number];

/** The least that the hot requests need: see data/world.ts. */
const MIN_USERS = 1000;
const MIN_CHATS = 1200;
const MIN_MESSAGES = 15_000;
/** Below it nothing is answered in time. */
const MIN_SECONDS = 0.1;

const HELP = `npm run bench -- [part ...] [options]

Parts: ${PARTS.join(', ')}; without any, all of them.

  --users N --chats N --messages N   how much data is loaded (10000, 2000, 100000)
  --large           100000 users, 10000 chats, 1000000 messages
  --rounds N        how often each pair is measured (5)
  --seconds N       how long each measurement takes (4)
  --only TEXT       only hot requests whose name contains the text
  --peer URL        also drive another server that speaks the same contract; accounts and chats are made in it
  --output FILE     where the results go (bench/results.json when all parts are measured; else they are printed)
  --quick           everything once and shortly, to see that it works; writes no file unless --output is given

BENCH_DATABASE_URL is the PostgreSQL in which the benchmark makes databases of its own, and drops them afterwards.
Without it the embedded database is measured. With BENCH_REDIS_URL delivery and latency are measured
with two nodes as well.`;

/** Ends the program with its help for --help, and with a line that says what is wrong for wrong options. */
export function readOptions(): Options {
  try {
    return parse();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

function parse(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      users: { type: 'string' },
      chats: { type: 'string' },
      messages: { type: 'string' },
      large: { type: 'boolean' },
      quick: { type: 'boolean' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      peer: { type: 'string' },
      output: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const { quick = false, large = false } = values;
  const messages = whole('messages', values.messages, MIN_MESSAGES) ?? (large ? 1_000_000 : quick ? 15_000 : 100_000);
  return {
    users: whole('users', values.users, MIN_USERS) ?? (large ? 100_000 : quick ? MIN_USERS : 10_000),
    chats: whole('chats', values.chats, MIN_CHATS) ?? (large ? 10_000 : quick ? MIN_CHATS : 2000),
    messages,
    smallerSizes: (quick ? [1000] : [1000, 10_000, 100_000]).filter((size) => size < messages),
    rounds: whole('rounds', values.rounds, 1) ?? (quick ? 1 : 5),
    warmUpSeconds: quick ? 0.05 : 1,
    seconds: number('seconds', values.seconds, MIN_SECONDS) ?? (quick ? 0.15 : 4),
    burstSeconds: quick ? 0.5 : 20,
    latencySeconds: quick ? 0.5 : 5,
    idleSeconds: quick ? 0.5 : 30,
    settleSeconds: quick ? 0.1 : 6,
    emptySeconds: quick ? 3 : 300,
    peer: values.peer,
    only: values.only,
    parts: positionals.length > 0 ? positionals.map(part) : PARTS,
    output: values.output ?? (quick || values.only || positionals.length > 0 ? undefined : 'bench/results.json'),
  };
}

function part(name: string): Part {
  const known = PARTS.find((item) => item === name);
  if (!known) throw new Error(`There is no part "${name}"; see --help.`);
  return known;
}

function whole(name: string, text: string | undefined, min: number): number | undefined {
  const value = number(name, text, min);
  if (value !== undefined && !Number.isInteger(value)) throw new Error(`--${name} must be a whole number.`);
  return value;
}

function number(name: string, text: string | undefined, min: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= min)) throw new Error(`--${name} must be a number, ${min} or more.`);
  return value;
}
