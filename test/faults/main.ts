// Breaks real servers, and checks that nothing acknowledged is lost, repeated or out of order on any device.
import { readOptions, type Options } from './options.js';
import { PROTECTIONS } from './plan/profiles.js';
import { endEverything } from './processes/remains.js';
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

/** Whether a run notices when a protection is missing; one that never fails proves nothing. */
async function prove(given: Options): Promise<boolean> {
  let noticed = 0;
  for (const without of PROTECTIONS) {
    const { violations } = await run({ ...given, without });
    if (violations.length > 0) noticed++;
    for (const violation of violations.slice(0, 3)) console.log(`  ${violation}`);
    say(`without ${without}: ${violations.length > 0 ? `noticed, ${violations.length} violations` : 'NOT noticed'}`);
  }
  console.log(`${noticed} passed, ${PROTECTIONS.length - noticed} failed`);
  return noticed === PROTECTIONS.length;
}

function show({ report, violations, logs }: Outcome): void {
  console.log(report);
  if (logs !== undefined) console.log(logs);
  for (const violation of violations.slice(0, SHOWN)) console.log(`  VIOLATION ${violation}`);
  if (violations.length > SHOWN) console.log(`  and ${violations.length - SHOWN} more`);
}
