import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker/checker.js';
import type { DelaySummary } from './checker/delay-summary.js';
import { collect, type Findings } from './checker/findings.js';
import type { DeviceHistory, History } from './checker/history.js';
import { countDue, readDatabase, readTargets } from './checker/read-database.js';
import { OWN_LOG } from '../client/journal.js';
import type { Message } from '../client/protocol.js';
import { heldMessage, type HeldChat } from '../client/replica.js';
import { Servers } from '../client/servers.js';
import { act } from './load/actions.js';
import type { Device } from './load/device.js';
import { Faults } from './load/faults.js';
import { Ledger, type OpenDeletion, type OpenEdit } from './load/ledger.js';
import { World, type Equip } from './load/world.js';
import { COUNTED } from './counters.js';
import type { Options } from './options.js';
import { makePlan, type Plan } from './plan/plan.js';
import { everything, PROVOKING } from './plan/profiles.js';
import { isOfTheSdk, type ClientName } from './plan/protections.js';
import { Cluster } from './processes/cluster.js';
import { Random } from './random.js';
import { equipWithReference } from './reference/equip.js';
import { describe } from './report.js';
import { say } from './say.js';
import { Scraper } from './scraper.js';
import { equipWithSdk } from './sdk/equip.js';
import { sabotageSdk } from './sdk/sabotage.js';
import { checkWork, type Work } from './work.js';

/** How long everybody has, after the last fault, to get their answers, and then to get up to date. */
const SETTLE_MS = 30_000;
/** Without a protection some never will: longer than a message may take, and no longer. */
const SETTLE_WITHOUT_MS = 12_000;
const POLL_MS = 250;
const READERS = 8;
const READ_ALL_MS = 120_000;
const PROGRESS_MS = 60_000;

const EQUIP: Readonly<Record<ClientName, Equip>> = { reference: equipWithReference, sdk: equipWithSdk };

export interface Outcome extends Findings {
  readonly report: string;
  /** The end of the servers' logs, when something was wrong. */
  readonly logs: string | undefined;
}

/** One run, from nothing to what came of it. */
export async function run(options: Options): Promise<Outcome> {
  const { seed, users, clients, nodes, broker, durationMs, provoking, sabotaged } = options;
  const random = new Random(seed);
  const profile = provoking === undefined ? everything(users, clients) : PROVOKING[provoking];
  const plan = makePlan(random.fork(), profile, durationMs);
  const manner = provoking === undefined ? '' : `, ${sabotaged ? 'without' : 'provoking'} ${provoking}`;
  say(`seed ${seed}: ${nodes} nodes on ${broker}, ${users} users, ${clients} clients, ${durationMs / 1000} s${manner}`);
  const missing = sabotaged ? provoking : undefined;
  const isSdkMissing = missing !== undefined && isOfTheSdk(missing);
  const preload = missing && !isSdkMissing ? join(import.meta.dirname, 'sabotage', `${missing}.js`) : undefined;
  const mend = isSdkMissing ? sabotageSdk(missing) : undefined;
  const cluster = await Cluster.start({ nodes, broker, preload });
  try {
    const servers = new Servers(
      cluster.nodes.map(({ url }) => url),
      random.fork(),
    );
    const ledger = new Ledger();
    const world = await World.create(users, EQUIP[clients], {
      ...{ servers, ledger, random: random.fork() },
      databaseUrl: cluster.postgres.url,
    });
    const faults = new Faults(cluster, world, ledger);
    const scraper = new Scraper(cluster.nodes.map(({ metricsUrl }) => metricsUrl));
    for (const device of world.devices) device.start();
    await untilUpToDate(cluster, world.devices, SETTLE_MS);
    say(`${world.devices.length} devices are up to date; people act, and things break`);
    await carryOut(plan, world, ledger, faults);
    await cluster.untilReady();
    await untilNothingIsDue(cluster, SETTLE_MS);
    const late = await untilUpToDate(cluster, world.devices, sabotaged ? SETTLE_WITHOUT_MS : SETTLE_MS);
    say(`${late.length === 0 ? 'everybody got' : 'not everybody got'} up to date; checking`);
    await scraper.scrape();
    scraper.stop();
    await readAll(world.devices);
    const history = historyOf(cluster, world, ledger, await readFresh(world));
    const database = await readDatabase(cluster.postgres.url);
    for (const device of world.devices) device.stop();
    const { delays, ...found } = check(history, database);
    const run = collect([
      cluster.nodes.flatMap((node) => node.crashes),
      sabotaged
        ? []
        : late.map(({ name, isAtRest }) => `${name} did not get up to date${isAtRest ? '' : ', nor come to rest'}`),
      ...(provoking === undefined ? checkWork(workOf(plan, ledger, faults, delays)) : []),
    ]);
    const violations = [...run.violations, ...found.violations];
    return {
      passed: run.passed + found.passed,
      violations,
      report: describe({ cluster, history, ledger, faults, servers, delays, scraper }),
      logs: violations.length > 0 ? await cluster.logTails() : undefined,
    };
  } catch (error) {
    console.error(await cluster.logTails());
    throw error;
  } finally {
    mend?.();
    await cluster.stop();
  }
}

/** Resolves when everything has been answered, or nothing more is to be expected. */
async function carryOut({ steps, durationMs }: Plan, world: World, ledger: Ledger, faults: Faults): Promise<void> {
  const begun = Date.now();
  const progress = setInterval(() => {
    const { counters } = ledger;
    say(`${counters.get('acknowledged')} of ${counters.get('sends')} messages acknowledged`);
  }, PROGRESS_MS);
  const [acting, breaking]: Promise<void>[][] = [[], []];
  for (const step of steps) {
    await sleep(begun + step.at - Date.now());
    if ('fault' in step) breaking!.push(faults.inflict(step.fault));
    else acting!.push(act(world, ledger, step.action));
  }
  await sleep(begun + durationMs - Date.now());
  await Promise.all(breaking!);
  say('nothing breaks any more');
  await Promise.race([Promise.all(acting!), sleep(SETTLE_MS, undefined, { ref: false })]);
  clearInterval(progress);
}

/** What was to come when its time comes has come; what takes longer is for the checker to tell. */
async function untilNothingIsDue(cluster: Cluster, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && (await countDue(cluster.postgres.url)) > 0) await sleep(POLL_MS);
}

/** @returns the devices that did not have what the database has, in time. */
async function untilUpToDate(cluster: Cluster, devices: readonly Device[], timeoutMs: number): Promise<Device[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const targets = await readTargets(cluster.postgres.url);
    const isThere = ({ isAtRest, owner, replica }: Device) => {
      if (!isAtRest) return false;
      const chats = targets.get(owner.id) ?? new Map<number, number>();
      const has = (chatId: number) => (chatId === OWN_LOG ? replica.mePts : replica.chats.get(chatId)?.pts);
      const reached = [...chats].every(([chatId, pts]) => has(chatId) === pts);
      const others = [...replica.chats.keys()].some((chatId) => !chats.has(chatId));
      return reached && !others;
    };
    const late = devices.filter((device) => !isThere(device));
    if (late.length === 0 || Date.now() > deadline) return late;
    await sleep(POLL_MS);
  }
}

/** Not from everybody at once: what they hold is compared, and not how fast they get it. */
async function readAll(devices: readonly Device[]): Promise<void> {
  const waiting = [...devices];
  const readers = Array.from({ length: READERS }, async () => {
    for (let device = waiting.pop(); device; device = waiting.pop()) await device.readAll?.();
  });
  await Promise.race([Promise.all(readers), sleep(READ_ALL_MS, undefined, { ref: false })]);
}

function workOf({ durationMs, steps }: Plan, { counters }: Ledger, faults: Faults, delays: DelaySummary): Work {
  return {
    durationMs,
    plannedKills: steps.filter((step) => 'fault' in step && step.fault.kind === 'kill node').length,
    kills: faults.counts.get('node killed') ?? 0,
    acknowledged: counters.get('acknowledged'),
    retried: counters.get('retried'),
    deduplicated: counters.get('deduplicated'),
    medianDelayMs: delays.medianMs,
    live: delays.live,
    synced: delays.synced,
    undone: COUNTED.filter((what) => counters.get(what) === 0),
  };
}

function historyOf(
  { nodes, databaseDown }: Cluster,
  { devices, servers, fleeting }: World,
  ledger: Ledger,
  fresh: History['fresh'],
): History {
  const { sends, edits, deletions, readings, settings, reactions } = ledger;
  const { pins, votes, pollChanges, scheduled, sanctions, deposits } = ledger;
  return {
    sends,
    edits: edits.flatMap(ofKnownMessage),
    deletions: deletions.flatMap(ofKnownMessage),
    readings,
    settings,
    reactions,
    ...{ pins, votes, pollChanges, scheduled, sanctions, deposits, fleeting },
    fresh,
    surprises: [...servers.surprises, ...ledger.surprises],
    devices: devices.map(({ name, owner, journal, replica }): DeviceHistory => {
      const { entries, frozen, surprises } = journal;
      const { chats, mePts } = replica;
      return { name, userId: owner.id, entries, frozen, surprises, chats, mePts };
    }),
    frozenNodes: nodes.map(({ frozen }) => frozen),
    databaseDown,
    endedAt: Date.now(),
  };
}

/** What a new client of each user gets. */
async function readFresh({ people, servers }: World): Promise<History['fresh']> {
  const fresh = new Map<number, Map<number, HeldChat['messages']>>();
  for (const { id: userId, token, chats } of people) {
    const ofUser = new Map<number, HeldChat['messages']>();
    fresh.set(userId, ofUser);
    for (const chatId of chats.keys()) ofUser.set(chatId, await readMessages(servers, token, chatId));
  }
  return fresh;
}

async function readMessages(servers: Servers, token: string, chatId: number): Promise<HeldChat['messages']> {
  const messages: Message[] = [];
  for (let cursor: number | null = 0; cursor !== null;) {
    const path = `/chat/${chatId}/messages?limit=100${cursor === 0 ? '' : `&cursor=${String(cursor)}`}`;
    const { status, body } = await servers.requestUntilAnswered({ method: 'GET', path, token });
    if (status !== 200) break;
    messages.push(...(body.messages as Message[]));
    cursor = body.next as number | null;
  }
  return new Map(messages.map((message) => [message.id, heldMessage(message)]));
}

/** What was done to a message that was never sent has come to nothing. */
function ofKnownMessage<T extends OpenEdit | OpenDeletion>(change: T): (T & { readonly messageId: number })[] {
  const { id: messageId } = change.message;
  return messageId === undefined ? [] : [{ ...change, messageId }];
}
