// Attacks a server as one account or one address can, and looks at its memory and at what other users wait meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MESSENGER, startNodeServer, TYPESCRIPT } from '../processes/node-server.js';
import type { Program } from '../processes/program.js';
import { remains, removeFolder } from '../processes/remains.js';
import { memoryOf } from '../processes/usage.js';
import { ATTACKS } from './attacks.js';
import { Bystander, type Waits } from './bystander.js';
import { makeWorld, type World } from './world.js';

/** What they may not wait for. The rest is only shown, and has to succeed. */
const PROMISED = ['me', 'send'];
const MAX_GROWTH_MIB = 300;
const SAMPLE_MS = 100;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '8' },
    heap: { type: 'string' },
    wait: { type: 'string', default: '1000' },
  },
});
/** What nobody may wait longer for, in ms. A machine that does other things too needs more. */
const maxWaitMs = Number(options.wait);
const names = positionals.length > 0 ? positionals : Object.keys(ATTACKS);
/** MiB; undefined: what Node takes by itself. */
const heaps = options.heap === undefined ? [undefined, '512'] : [options.heap];

let failed = 0;
let passed = 0;
for (const heap of heaps) {
  console.log(heap === undefined ? 'With the default heap:' : `With a heap of ${heap} MiB:`);
  for (const name of names)
    if (await survives(name, heap)) passed++;
    else failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function survives(name: string, heap: string | undefined): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'messenger-abuse-'));
  remains.folders.add(folder);
  const heapArgs = heap === undefined ? [] : [`--max-old-space-size=${heap}`];
  const environment = { DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error' };
  const { url, program } = await startNodeServer('server', [...heapArgs, MESSENGER], folder, environment);
  try {
    const world = await makeWorld(url, join(folder, 'data'));
    const bystander = await Bystander.enter(url);
    await bystander.watch(1000);
    return await attackAndWatch(name, world, bystander, program);
  } finally {
    await program.end('SIGKILL');
    removeFolder(folder);
  }
}

async function attackAndWatch(name: string, world: World, bystander: Bystander, program: Program): Promise<boolean> {
  // 0 where the system does not tell.
  const memory = () => memoryOf(program.pid) || 0;
  const idle = memory();
  const attacker = spawn(
    process.execPath,
    [...TYPESCRIPT, join(import.meta.dirname, 'attacker.main.ts'), name, JSON.stringify(world)],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
  let most = idle;
  const sampling = setInterval(() => {
    most = Math.max(most, memory());
  }, SAMPLE_MS);
  const waits = await bystander.watch(Number(options.seconds) * 1000);
  clearInterval(sampling);
  attacker.stdin.end();
  await once(attacker, 'exit');
  return report(name, waits, most - idle, program.isRunning);
}

function report(name: string, waits: Waits, growth: number, isRunning: boolean): boolean {
  const slow = PROMISED.filter((what) => (waits.most[what] ?? Infinity) > maxWaitMs);
  const isSafe = isRunning && waits.failures.length === 0 && slow.length === 0 && growth <= MAX_GROWTH_MIB;
  const most = Object.entries(waits.most).map(([what, ms]) => `${what} ${Math.round(ms)} ms`);
  console.log(
    `${isSafe ? 'ok  ' : 'FAIL'} ${name}: ${most.join(', ')}; +${Math.round(growth)} MiB. ${ATTACKS[name]?.description ?? ''}`,
  );
  if (!isRunning) console.log('     the server has ended');
  for (const failure of new Set(waits.failures)) console.log(`     ${failure}`);
  return isSafe;
}
