import { parseArgs } from 'node:util';
import { BROKER_KINDS, type BrokerKind } from './processes/broker-service.js';
import { CLIENTS, PROTECTIONS, type ClientName, type Protection } from './plan/protections.js';

export interface Options {
  /** How long people act and things break. */
  readonly durationMs: number;
  /** The plan is the same for the same seed. */
  readonly seed: number;
  readonly users: number;
  /** Which client their devices run. */
  readonly clients: ClientName;
  readonly nodes: number;
  /** What the nodes share beside PostgreSQL. */
  readonly broker: BrokerKind;
  /** The protection that the run is made for: people act, and things break, so that it is needed. undefined: all are. */
  readonly provoking: Protection | undefined;
  /** Whether the servers are without that protection. */
  readonly sabotaged: boolean;
  /** Provokes each of the protections, with it and without it, and wants the difference to be noticed. */
  readonly prove: boolean;
}

const HELP = `npm run test:faults -- [options]

  --minutes N       how long people act while things break (10)
  --seed N          the plan is the same for the same seed (random)
  --users N         how many there are, each with one or two devices (50)
  --clients NAME    what the devices run: reference, as docs/realtime.md says, or sdk, messenger-client (reference)
  --nodes N         how many server processes there are (3)
  --broker NAME     through what they reach each other: ${BROKER_KINDS.join(', ')} (redis)
  --quick           a short run with fewer users: about 45 s in all, with sdk about 25 s
  --provoking NAME  a short run in which one protection is needed:
                    ${PROTECTIONS.reference.join(', ')}; with sdk ${PROTECTIONS.sdk.join(', ')}
  --without NAME    the same without that protection, to see that the run notices
  --prove           both of them for each protection: succeeds when nothing is wrong with it, and the right thing without it

It starts a PostgreSQL, the broker and the servers of dist/ by itself, and leaves nothing behind.`;

const MINUTE_MS = 60_000;
const QUICK = {
  reference: { durationMs: 28_000, users: 20 },
  sdk: { durationMs: 12_000, users: 12 },
};
/** What a missing protection needs to be noticed. */
const PROVING = {
  reference: { durationMs: 30_000, users: 30 },
  sdk: { durationMs: 12_000, users: 12 },
};

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
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      users: { type: 'string' },
      clients: { type: 'string' },
      nodes: { type: 'string' },
      broker: { type: 'string' },
      quick: { type: 'boolean' },
      provoking: { type: 'string' },
      without: { type: 'string' },
      prove: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const { quick = false, prove = false } = values;
  const name = values.without ?? values.provoking;
  const clients = oneOf('client', CLIENTS, values.clients ?? 'reference');
  const provoking = name === undefined ? undefined : oneOf('protection', PROTECTIONS[clients], name);
  const short = provoking !== undefined || prove ? PROVING[clients] : quick ? QUICK[clients] : undefined;
  const minutes = number('minutes', values.minutes, 0.1);
  return {
    durationMs: minutes === undefined ? (short?.durationMs ?? 10 * MINUTE_MS) : minutes * MINUTE_MS,
    seed: number('seed', values.seed, 0) ?? Math.floor(Math.random() * 2 ** 32),
    users: number('users', values.users, 10) ?? short?.users ?? 50,
    clients,
    nodes: number('nodes', values.nodes, 1) ?? 3,
    broker: oneOf('broker', BROKER_KINDS, values.broker ?? 'redis'),
    provoking,
    sabotaged: values.without !== undefined,
    prove,
  };
}

function oneOf<T extends string>(what: string, known: readonly T[], name: string): T {
  const found = known.find((item) => item === name);
  if (found === undefined) throw new Error(`There is no ${what} "${name}"; see --help.`);
  return found;
}

function number(name: string, text: string | undefined, min: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= min)) throw new Error(`--${name} must be a number, ${min} or more.`);
  return value;
}
