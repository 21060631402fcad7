// `npm run sdks:check` makes clients of openapi.json with generators of several languages, compiles them strictly, and holds
// the same conversation with each: with a started server, and with a stand-in that answers with what only a later version
// has. `npm run sdks:check -- go rust` checks some languages. Everything is made in a temporary folder.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { go } from './go.js';
import { java } from './java.js';
import type { Language } from './language.js';
import { isInstalled } from './run.js';
import { python } from './python.js';
import { rust } from './rust.js';
import { startServer } from './server.js';
import { startStandIn } from './stand-in.js';
import { typescript } from './typescript.js';

/** Those that take longest come first. */
const languages: Language[] = [rust, go, python, typescript, java];
/** Generators use one core each, and wait for registries. */
const AT_ONCE = 2;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !languages.some((language) => language.name === name));
if (unknown.length > 0) {
  console.error(`There is no language ${unknown.join(', ')}: ${languages.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}

const folder = await mkdtemp(join(tmpdir(), 'messenger-sdks-'));
const [server, standIn] = await Promise.all([startServer(folder), startStandIn()]);
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  const chosen = languages.filter(({ name }) => asked.length === 0 || asked.includes(name));
  await pLimit(AT_ONCE).map(chosen, check);
} finally {
  await server.stop();
  standIn.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`sdks: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (counts.failed > 0) process.exitCode = 1;

async function check({ name, needs, clients }: Language): Promise<void> {
  const missing = needs.filter((program) => !isInstalled(program));
  if (missing.length > 0) {
    console.log(`${name}: skipped, ${missing.join(' and ')} not installed`);
    counts.skipped += clients.length;
    return;
  }
  for (const client of clients) {
    const start = Date.now();
    const own = join(folder, name, client.generator);
    try {
      await mkdir(own, { recursive: true });
      await client.check({ folder: own, shared: folder, environment: { SERVER: server.url, STAND_IN: standIn.url } });
      counts.passed++;
      console.log(`${name}, ${client.generator}: passed in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    } catch (error) {
      counts.failed++;
      console.error(`${name}, ${client.generator}: failed\n${(error as Error).message}`);
    }
  }
}
