// `npm run sdks:check` makes clients of openapi.json with generators of several languages, compiles them strictly, and holds
// the same conversation with each: with a started server, and with a stand-in that answers with what only a later version
// has. `npm run sdks:check -- go rust` checks some languages. Everything is made in a temporary folder.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { go } from './go.js';
import { java } from './java.js';
import type { Language } from './language.js';
import { isInstalled } from './run.js';
import { python } from './python.js';
import { rust } from './rust.js';
import { startServer } from './server.js';
import { startStandIn } from './stand-in.js';
import { typescript } from './typescript.js';

const languages: Language[] = [typescript, python, go, java, rust];

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
  for (const language of languages) {
    if (asked.length > 0 && !asked.includes(language.name)) continue;
    const missing = language.needs.filter((program) => !isInstalled(program));
    if (missing.length > 0) {
      console.log(`${language.name}: skipped, ${missing.join(' and ')} not installed`);
      counts.skipped += language.clients.length;
      continue;
    }
    await check(language);
  }
} finally {
  await server.stop();
  standIn.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`sdks: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (counts.failed > 0) process.exitCode = 1;

async function check({ name, clients }: Language): Promise<void> {
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
