// Breaks real servers, and checks that nothing acknowledged is lost, repeated or out of order on any device.
import { readOptions, type Options } from './options.js';
import { EXPECTED, PROTECTIONS } from './plan/protections.js';
import { endEverything } from '../processes/remains.js';
import { run, type Outcome } from './run.js';
import { say } from './say.js';

const SHOWN = 20;

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interruption.abort();
    void endEverything().then(() => process.exit(1));
  });
}

const options = readOptions();
try {
  // At once: devices may still be trying to connect to what is gone.
  process.exit((options.prove ? await prove(options) : await runOnce(options)) ? 0 : 1);
} catch (error) {
  // A run that is interrupted fails for no other reason.
  if (!interruption.signal.aborted) throw error;
}

async function runOnce(given: Options): Promise<boolean> {
  const outcome = await run(given);
  show(outcome);
  console.log(`${outcome.passed} passed, ${outcome.violations.length} failed`);
  return outcome.violations.length === 0;
}

/** Whether a run notices when a protection is missing, and only then; one that never fails proves nothing. */
async function prove(given: Options): Promise<boolean> {
  let failed = 0;
  const protections = PROTECTIONS[given.clients];
  for (const provoking of protections) {
    const control = await run({ ...given, provoking, sabotaged: false });
    if (control.violations.length > 0) {
      failed++;
      show(control);
    }
    say(`with ${provoking}: ${control.violations.length === 0 ? 'as it has to be' : 'NOT as it has to be'}`);
    const { violations } = await run({ ...given, provoking, sabotaged: true });
    const expected = violations.filter((violation) => EXPECTED[provoking].test(violation));
    if (expected.length === 0) failed++;
    for (const violation of expected.slice(0, 3)) console.log(`  ${violation}`);
    const found = `${expected.length} of ${violations.length} violations are the expected ones`;
    say(`without ${provoking}: ${expected.length > 0 ? 'noticed' : 'NOT noticed'}, ${found}`);
  }
  console.log(`${2 * protections.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

function show({ report, violations, logs }: Outcome): void {
  console.log(report);
  if (logs !== undefined) console.log(logs);
  for (const violation of violations.slice(0, SHOWN)) console.log(`  VIOLATION ${violation}`);
  if (violations.length > SHOWN) console.log(`  and ${violations.length - SHOWN} more`);
}
