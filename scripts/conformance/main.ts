// `npm run conformance -- -- <command>` plays the rules of docs/realtime.md with a client in any language: docs/conformance.md.
// It starts servers of its own from dist/, and leaves nothing behind. It ends with 0 when all rules held, with 1 when one was
// broken, and with 2 for wrong usage.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endEverything, remains, removeFolder } from '../../test/processes/remains.js';
import { Kit } from './kit.js';
import { readOptions } from './options.js';
import { lineOf, notReportedOf, totalOf } from './summary.js';

const options = readOptions(process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const folder = await mkdtemp(join(tmpdir(), 'messenger-conformance-'));
remains.folders.add(folder);
console.log(`seed ${options.seed}`);
const kit = await Kit.start(folder, options.atOnce);
const outcomes = await kit.run({
  ...options,
  onOutcome: (outcome) => {
    console.log(lineOf(outcome));
  },
});
await kit.stop();
await endEverything();
removeFolder(folder);

const broken = outcomes.filter(({ result }) => result === 'broken');
if (broken.length > 0) console.log(`\n${broken.map(lineOf).join('\n')}`);
console.log(`\n${totalOf(outcomes)}\n${notReportedOf(outcomes)}`);
process.exitCode = broken.length > 0 ? 1 : 0;
