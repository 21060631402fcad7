// Carries out one attack, in a process of its own, until its standard input ends.
import { setPriority } from 'node:os';
import { ATTACKS } from './attacks.js';
import type { World } from './world.js';

const [name = '', world = ''] = process.argv.slice(2);
const attack = ATTACKS[name];
if (!attack) throw new Error(`There is no attack ${name}.`);
// An attacker has a machine of its own. This one has two cores for both.
setPriority(10);
let over = false;
process.stdin.on('end', () => {
  over = true;
  setTimeout(() => process.exit(0), 1000).unref();
});
process.stdin.resume();
await attack.run(JSON.parse(world) as World, () => over);
process.exit(0);
