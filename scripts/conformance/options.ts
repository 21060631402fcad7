import { parseArgs } from 'node:util';
import { RULES } from './rules/index.js';
import type { Rule } from './rule.js';

export interface Options {
  readonly command: readonly string[];
  readonly rules: readonly Rule[];
  readonly seed: number;
  readonly mixedMs: number;
  readonly patienceMs: number;
  readonly atOnce: number;
}

const HELP = `npm run conformance -- [options] -- <command that runs your client>

  --rule NAME       plays this rule alone; may be given more than once
  --seconds N       how long people act in the rule "mixed" (15)
  --seed N          chance is the same for the same seed (random)
  --patience N      how many seconds a client may take to be up to date (15)
  --at-once N       how many rules are played at once (6)
  --list            shows the rules

docs/conformance.md says what the command has to understand.`;

/** Wrong usage. */
const USAGE = 2;

/** Ends the program with its help for --help, with the rules for --list, and with 2 for wrong options. */
export function readOptions(args: readonly string[]): Options {
  try {
    return parse(args);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(USAGE);
  }
}

function parse(args: readonly string[]): Options {
  const { values, positionals: command } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rule: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      patience: { type: 'string' },
      'at-once': { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || values.list) {
    console.log(values.help ? HELP : RULES.map(({ name, says }) => `${name}: ${says}`).join('\n'));
    process.exit(0);
  }
  if (command.length === 0) throw new Error(`The command that runs your client is missing.\n\n${HELP}`);
  return {
    command,
    rules: values.rule?.map(ruleOf) ?? RULES,
    seed: number('seed', values.seed, 0) ?? Math.floor(Math.random() * 2 ** 32),
    mixedMs: 1000 * (number('seconds', values.seconds, 1) ?? 15),
    patienceMs: 1000 * (number('patience', values.patience, 1) ?? 15),
    atOnce: number('at-once', values['at-once'], 1) ?? 6,
  };
}

function ruleOf(name: string): Rule {
  const rule = RULES.find((each) => each.name === name);
  if (!rule) throw new Error(`There is no rule "${name}"; see --list.`);
  return rule;
}

function number(name: string, text: string | undefined, min: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= min)) throw new Error(`--${name} must be a number, ${min} or more.`);
  return value;
}
