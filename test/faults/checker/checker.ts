import { summarize, type DelaySummary } from './delay-summary.js';
import { checkDeeds } from './deeds.js';
import { checkDelays, measureDelays } from './delays.js';
import { checkDeliveries } from './deliveries.js';
import type { DatabaseState } from './database.js';
import { collect, type Findings } from './findings.js';
import { checkFresh } from './fresh.js';
import type { History } from './history.js';
import { checkOrder } from './order.js';
import { checkOwn } from './own.js';
import { checkSanctions } from './sanctions.js';
import { checkSends } from './sends.js';
import { checkState } from './state.js';
import { checkTimed } from './timed.js';

/** Compares what was promised with what came of it. */
export function check(history: History, database: DatabaseState): Findings & { readonly delays: DelaySummary } {
  const delays = measureDelays(history, database);
  const findings = [
    collect([history.surprises]),
    collect(checkSends(history, database)),
    collect(checkDeeds(history, database)),
    collect(checkSanctions(history, database)),
    collect(checkTimed(history, database)),
    collect(checkOwn(history, database)),
    collect(checkOrder(database)),
    collect(checkState(history.devices, database)),
    collect(checkFresh(history, database)),
    collect(checkDeliveries(history, database)),
    collect(checkDelays(history.devices, delays)),
  ];
  return {
    passed: findings.reduce((sum, { passed }) => sum + passed, 0),
    violations: findings.flatMap(({ violations }) => violations),
    delays: summarize(delays),
  };
}
