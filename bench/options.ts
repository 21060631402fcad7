import { parseArgs } from 'node:util';

export interface Options {
  /** How much data is loaded. */
  readonly users: number;
  readonly chats: number;
  readonly messages: number;
  /** How often each is measured. */
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Everything once and shortly, to see that it works. */
  readonly quick: boolean;
  /** Another server that speaks the same contract. */
  readonly peer: string | undefined;
  /** Only requests whose name contains this. */
  readonly only: string;
  readonly parts: readonly string[];
  /** Where the results are written; undefined: they are only printed. */
  readonly output: string | undefined;
}

/** The least that the hot requests need: see data/world.ts. Below 0.1 s nothing is answered in time. */
const MIN = { messages: 15_000, rounds: 1, seconds: 0.1 };
const USUAL = { users: 10_000, chats: 2000, messages: 100_000, rounds: 5, seconds: 4 };
const LARGE = { users: 100_000, chats: 10_000, messages: 1_000_000 };
const QUICK = { users: 1000, chats: 1200, ...MIN, seconds: 0.15 };

const HELP = `npm run bench -- [part ...] [options]

  --messages N      how many are loaded (100000)
  --large           100000 users, 10000 chats, 1000000 messages
  --rounds N        how often each is measured (5)
  --seconds N       how long each measurement takes (4)
  --only TEXT       only requests whose name contains the text
  --peer URL        also drive another server that speaks the same contract; accounts and chats are made in it
  --output FILE     where the results go (bench/results.json when all parts are measured; else they are printed)
  --quick           everything once and shortly, to see that it works; writes no file unless --output is given

BENCH_DATABASE_URL is the PostgreSQL in which the benchmark makes databases of its own, and drops them afterwards;
without it the embedded database is measured. With BENCH_REDIS_URL delivery is measured with two nodes as well.
Parts, without any all of them: `;

/** Ends the program with its help for --help, and with a line that says what is wrong for wrong options. */
export function readOptions(known: readonly string[]): Options {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean', default: false }] as const;
  const flags = { large: flag, quick: flag, help: flag };
  const options = { messages: text, rounds: text, seconds: text, only: text, peer: text, output: text, ...flags };
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) {
    console.log(HELP + known.join(', '));
    process.exit(0);
  }
  const unknown = positionals.find((part) => !known.includes(part));
  if (unknown !== undefined) fail(`There is no part "${unknown}"; see --help.`);
  const { quick, large, only = '', peer } = values;
  const usual = { ...USUAL, ...(quick && QUICK), ...(large && LARGE) };
  const number = (name: keyof typeof MIN) => {
    const value = Number(values[name] ?? usual[name]);
    if (value >= MIN[name] && (name === 'seconds' || Number.isInteger(value))) return value;
    return fail(`--${name} must be a ${name === 'seconds' ? '' : 'whole '}number, ${MIN[name]} or more.`);
  };
  return {
    ...usual,
    messages: number('messages'),
    rounds: number('rounds'),
    seconds: number('seconds'),
    warmUpSeconds: quick ? 0.05 : 1,
    quick,
    peer,
    only,
    parts: positionals.length > 0 ? positionals : known,
    output: values.output ?? (quick || only !== '' || positionals.length > 0 ? undefined : 'bench/results.json'),
  };
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
