import type { FanOutResult } from './delivery/fan-out.js';
import type { IdleResult } from './delivery/idle.js';
import type { LatencyResult } from './delivery/latency.js';
import type { SlowReaderResult } from './delivery/slow-reader.js';
import type { TwoNodesResult } from './delivery/two-nodes.js';
import type { FromEmptyResult } from './from-empty.js';
import type { GrowthResult } from './growth.js';
import type { OverloadResult } from './overload.js';
import type { PlanResult } from './plans.js';
import type { LoginBurstResult } from './login-burst.js';
import type { ThroughputResult } from './throughput.js';

/** What a run has found out; parts that were not run are not there. */
export interface Results {
  /** ISO 8601. */
  readonly measuredAt: string;
  /** With "+" at the end when files had been changed since. */
  readonly commit: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly system: string;
    readonly node: string;
  };
  readonly database: Record<string, string>;
  readonly packages: Record<string, string>;
  readonly data: { readonly users: number; readonly chats: number; readonly messages: number };
  readonly method: { readonly rounds: number; readonly seconds: number };
  readonly throughput?: readonly ThroughputResult[];
  readonly fromEmpty?: readonly FromEmptyResult[];
  readonly growth?: readonly GrowthResult[];
  readonly plans?: readonly PlanResult[];
  readonly loginBurst?: LoginBurstResult;
  readonly overload?: OverloadResult;
  readonly fanOut?: readonly FanOutResult[];
  readonly twoNodes?: TwoNodesResult;
  readonly latency?: readonly LatencyResult[];
  readonly slowReader?: SlowReaderResult;
  readonly idle?: IdleResult;
}
