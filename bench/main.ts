// Measures the server: docs/performance.md tells what, how, and what came of it.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endEverything, removeFolder } from '../test/processes/remains.js';
import { createDatabase, dropDatabases } from './data/database.js';
import { fill } from './data/fill.js';
import { describeEnvironment } from './environment.js';
import { readOptions } from './options.js';
import { PARTS, type Bench } from './parts/index.js';
import type { Results, Section } from './section.js';

const options = readOptions(Object.keys(PARTS));
const say = (line: string) => {
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
};

const folder = await mkdtemp(join(tmpdir(), 'messenger-bench-'));
const cleanUp = async () => {
  await endEverything();
  await dropDatabases();
  removeFolder(folder);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
}

try {
  const database = await createDatabase();
  const environment = await describeEnvironment(database, options);
  say(`measuring on ${environment.Database!}; loading ${options.messages} messages`);
  await fill(database.url, options);
  const bench: Bench = { database, options, folder, redisUrl: process.env.BENCH_REDIS_URL, say };
  const parts: Record<string, readonly Section[]> = {};
  const results = () => JSON.stringify({ environment, parts } satisfies Results, round, 2);
  for (const name of options.parts) {
    say(`measuring ${name}`);
    parts[name] = await PARTS[name]!(bench);
    // After each part: a run that is ended early keeps what it has measured.
    if (options.output !== undefined) await writeFile(options.output, `${results()}\n`);
  }
  if (options.output === undefined) console.log(results());
  else say(`wrote ${options.output}; npm run bench:report makes the tables and charts of it`);
} finally {
  await cleanUp();
}

/** Nobody can measure more than four digits of anything. */
function round(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
