import { checkDelays } from './delay.js';
import { checkDeliveries } from './deliveries.js';
import type { DatabaseState } from './database.js';
import { collect, type Findings } from './findings.js';
import type { History } from './history.js';
import { checkOrder } from './order.js';
import { checkSends } from './sends.js';
import { checkState } from './state.js';

/** Compares what was promised with what came of it. */
export function check(history: History, database: DatabaseState): Findings {
  const findings = [
    collect(checkSends(history, database)),
    collect(checkOrder(database)),
    collect(checkState(history.devices, database)),
    collect(checkDeliveries(history.devices, database)),
    collect(checkDelays(history, database)),
  ];
  return {
    passed: findings.reduce((sum, { passed }) => sum + passed, 0),
    violations: findings.flatMap(({ violations }) => violations),
  };
}
