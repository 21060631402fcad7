import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi, type TestContext } from 'vitest';
import { Kit, type Outcome } from '../../scripts/conformance/kit.js';
import { RULES } from '../../scripts/conformance/rules/index.js';
import { remains, removeFolder } from '../processes/remains.js';
import { EXAMPLES } from './examples.js';
import { BROKEN_CLIENTS, type BrokenClient } from './broken-clients.js';
import { SdkBuilds } from './sdk-builds.js';

const OPTIONS = { seed: 7, patienceMs: 25_000, mixedMs: 8000 };
/** What is broken is late anyhow. */
const BROKEN = { seed: 7, patienceMs: 3000, mixedMs: 3000 };
const AT_ONCE = 8;
const MOST_TRIES = 3;
/** Beside the event stream: rules about what the examples do not keep, and do not report. */
const NOT_IN_EXAMPLES = ['own-reactions', 'reply-preview', 'unread-mentions', 'own-rights', 'marked-unread', 'draft'];

// The first test waits for most of the others.
vi.setConfig({ testTimeout: 300_000 });

let kit: Kit;
let folder: string;
let playAll: (command: readonly string[]) => Promise<readonly Outcome[]>;
let sdk: readonly string[];
let whole: Promise<readonly Outcome[]>;
const commands = new Map<string, Promise<readonly string[] | string>>();
const examples = new Map<string, Promise<readonly Outcome[]>>();
let playBroken: (client: BrokenClient) => Promise<readonly Outcome[]>;
const broken = new Map<BrokenClient, Promise<readonly Outcome[]>>();

// All of them at once, because most of the time they wait; each has a test below, which plays once more
// by itself when it is retried.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'messenger-test-conformance-'));
  remains.folders.add(folder);
  const [started, builds] = await Promise.all([Kit.start(folder, AT_ONCE), SdkBuilds.in(folder)]);
  kit = started;
  sdk = builds.command;
  playAll = (command) => started.run({ ...OPTIONS, rules: RULES, command });
  whole = playAll(sdk);
  playBroken = async (client) => {
    const rules = RULES.filter(({ name }) => name === client.rule);
    return kit.run({ ...BROKEN, rules, command: await builds.changed(client) });
  };
  for (const client of BROKEN_CLIENTS) broken.set(client, playBroken(client));
  for (const { language, make } of EXAMPLES) {
    const made = make(join(folder, language));
    commands.set(language, made);
    examples.set(
      language,
      made.then((command) => (typeof command === 'string' ? [] : playAll(command))),
    );
  }
  // Each has its own test.
  for (const outcome of [whole, ...broken.values(), ...examples.values()]) outcome.catch(() => undefined);
});

afterAll(async () => {
  await kit.stop();
  removeFolder(folder);
});

const isRetried = ({ task }: TestContext) => (task.result?.retryCount ?? 0) > 0;

it('messenger-client keeps all rules', async (context) => {
  const outcomes = await (isRetried(context) ? playAll(sdk) : whole);
  expect(outcomes.filter(({ result }) => result !== 'held')).toEqual([]);
  expect(outcomes.length).toBe(RULES.length);
});

it.for(EXAMPLES)('the example in $language keeps all rules', async ({ language }, context) => {
  const command = await commands.get(language);
  if (command === undefined || typeof command === 'string') {
    context.skip(command);
    return;
  }
  const outcomes = await (isRetried(context) ? playAll(command) : examples.get(language));
  expect(outcomes?.filter(({ result }) => result === 'broken')).toEqual([]);
  const held = RULES.filter(({ name }) => !name.startsWith('stream-') && !NOT_IN_EXAMPLES.includes(name));
  expect(outcomes?.filter(({ result }) => result === 'held').map(({ rule }) => rule)).toEqual(held);
});

describe('a client that breaks a rule fails there', () => {
  it('for each of the rules', () => {
    expect(BROKEN_CLIENTS.map(({ rule }) => rule).sort()).toEqual(RULES.map(({ name }) => name).sort());
  });

  it.each(BROKEN_CLIENTS)('$rule', async (client) => {
    let outcomes = await broken.get(client);
    // While all of them play, a server may be so late that it mends what the client has broken, or that nothing at all has
    // reached the client in time.
    const failsThere = () => outcomes?.[0]?.result === 'broken' && client.reason.test(outcomes[0].reason);
    for (let tries = 1; tries < MOST_TRIES && !failsThere(); tries++) outcomes = await playBroken(client);
    expect(outcomes?.map(({ result }) => result)).toEqual(['broken']);
    expect(outcomes?.[0]?.reason).toMatch(client.reason);
  });
});
