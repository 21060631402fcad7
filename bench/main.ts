// Measures the server: docs/performance.md tells what, how, and what came of it.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logInCast, type Cast } from './data/cast.js';
import { createDatabase, describeDatabase, dropDatabases, type BenchDatabase } from './data/database.js';
import { fill } from './data/fill.js';
import { measureFanOut } from './delivery/fan-out.js';
import { measureIdle } from './delivery/idle.js';
import { measureLatency } from './delivery/latency.js';
import { measureSlowReader } from './delivery/slow-reader.js';
import { measureTwoNodes } from './delivery/two-nodes.js';
import { describeEnvironment } from './environment.js';
import { measureFromEmpty } from './from-empty.js';
import { measureGrowth } from './growth.js';
import { readOptions, type Part } from './options.js';
import { measureOverload } from './overload.js';
import { explainStatements } from './plans.js';
import type { Results } from './results.js';
import { startMessenger } from './servers/messenger.js';
import { stopServers } from './servers/process.js';
import { measureLoginBurst } from './login-burst.js';
import { measureThroughput } from './throughput.js';

const options = readOptions();
const redisUrl = process.env.BENCH_REDIS_URL;

function say(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

say('building for production');
execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });

const folder = await mkdtemp(join(tmpdir(), 'messenger-bench-'));
const cleanUp = async () => {
  stopServers();
  await dropDatabases();
  await rm(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
}

try {
  const database = await createDatabase();
  const description = await describeDatabase(database.url);
  say(`measuring on ${Object.values(description).slice(0, 2).join(' ')}; loading ${options.messages} messages`);
  await fill(database.url, options);
  const { users, chats, messages, rounds, seconds } = options;
  const measured: Results = {
    ...describeEnvironment(),
    database: description,
    data: { users, chats, messages },
    method: { rounds, seconds },
  };
  const results = { ...measured, ...(await measureParts(database)) };
  const text = JSON.stringify(results, round, 2);
  if (options.output === undefined) {
    console.log(text);
  } else {
    await writeFile(options.output, `${text}\n`);
    say(`wrote ${options.output}; npm run bench:report makes the tables and charts of it`);
  }
} finally {
  await cleanUp();
}

async function makeCast(database: BenchDatabase): Promise<Cast> {
  const server = await startMessenger(database, folder);
  const cast = await logInCast(server.url);
  await server.stop();
  return cast;
}

async function measureParts(database: BenchDatabase): Promise<Partial<Results>> {
  const cast = await makeCast(database);
  const parts: Record<Part, () => Promise<Partial<Results>>> = {
    plans: async () => ({ plans: await explainStatements(database.url) }),
    throughput: async () => ({ throughput: await measureThroughput(database, cast, options, folder, say) }),
    'from empty': async () => ({ fromEmpty: await measureFromEmpty(options, folder, say) }),
    growth: async () => ({ growth: await measureGrowth(database, cast, options, folder, say) }),
    'login burst': async () => ({ loginBurst: await measureLoginBurst(database, cast, options, folder) }),
    overload: async () => ({ overload: await measureOverload(database, cast, options, folder) }),
    delivery: async () => ({
      fanOut: await measureFanOut(database, cast, options, folder, say),
      ...(redisUrl !== undefined && { twoNodes: await measureTwoNodes(database, options, redisUrl, folder) }),
    }),
    latency: async () => ({ latency: await measureLatency(database, options, redisUrl, folder) }),
    'slow reader': async () => ({ slowReader: await measureSlowReader(database, options, folder) }),
    idle: async () => ({ idle: await measureIdle(database, options, folder) }),
  };
  let results: Partial<Results> = {};
  for (const name of options.parts) {
    say(`measuring ${name}`);
    results = { ...results, ...(await parts[name]()) };
  }
  return results;
}

/** Nobody can measure more than four digits of anything. */
function round(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
