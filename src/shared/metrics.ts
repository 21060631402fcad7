import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Everything that this process measures. docs/operating.md says what each tells, and METRICS_PORT publishes it. Measuring
 * goes on all the time: it costs little.
 */
export const metrics = new Registry();

const registers = [metrics];
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024];

export const requestSeconds = new Histogram({
  name: 'messenger_http_request_duration_seconds',
  help: 'Time from an HTTP request until its answer was sent, by route and status.',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: SECONDS,
  registers,
});

export const frameCount = new Counter({
  name: 'messenger_socket_frames_total',
  help: 'Frames of clients, by type and by the status of their answer.',
  labelNames: ['type', 'status'] as const,
  registers,
});

export const rateLimitedCount = new Counter({
  name: 'messenger_rate_limited_total',
  help: 'Acts that a rate limit refused, by limit.',
  labelNames: ['limit'] as const,
  registers,
});

export const poolWaitSeconds = new Histogram({
  name: 'messenger_database_pool_wait_seconds',
  help: 'Time that a statement or transaction waited for a database connection.',
  buckets: SECONDS,
  registers,
});

export const queueWaitSeconds = new Histogram({
  name: 'messenger_queue_wait_seconds',
  help: 'Time that work waited for its turn, by queue. Work that began at once is not counted.',
  labelNames: ['queue'] as const,
  buckets: SECONDS,
  registers,
});

export const queueWaiting = new Gauge({
  name: 'messenger_queue_waiting',
  help: 'Work that waits for its turn, by queue.',
  labelNames: ['queue'] as const,
  registers,
});

export const batchSize = new Histogram({
  name: 'messenger_batch_size',
  help: 'Calls that shared a statement, by batcher.',
  labelNames: ['batcher'] as const,
  buckets: SIZES,
  registers,
});

export const commitSeconds = new Histogram({
  name: 'messenger_commit_duration_seconds',
  help: 'Time from the beginning of a change until it was committed, by type.',
  labelNames: ['type'] as const,
  buckets: SECONDS,
  registers,
});

export const deliverySeconds = new Histogram({
  name: 'messenger_delivery_duration_seconds',
  help: 'Time from the commit of a change of a chat until its event was written to the connections of this node.',
  buckets: SECONDS,
  registers,
});

export const staleSendCount = new Counter({
  name: 'messenger_stale_sends_total',
  help: 'Sends that were tried again, because their chat changed meanwhile or something about them needs a closer look.',
  registers,
});

const gapsFoundCount = new Counter({
  name: 'messenger_gaps_found_total',
  help: 'Logs of chats and users, and joins, of which this node missed events that are committed.',
  labelNames: ['log'] as const,
  registers,
});

const gapsHealedCount = new Counter({
  name: 'messenger_gaps_healed_total',
  help: 'Gaps of which the clients on this node have been told.',
  labelNames: ['log'] as const,
  registers,
});

/** Counts a gap that was found, and that it is healed once `heal` has told the clients. @throws what heal throws. */
export async function measureGap(log: 'chat' | 'user' | 'join', heal: () => Promise<void> | void): Promise<void> {
  gapsFoundCount.inc({ log });
  await heal();
  gapsHealedCount.inc({ log });
}

export const closedCount = new Counter({
  name: 'messenger_connections_closed_total',
  help: 'Sockets and event streams that the server closed, by close code. 4413: slow readers.',
  labelNames: ['code'] as const,
  registers,
});

export const mailCount = new Counter({
  name: 'messenger_mails_total',
  help: 'Tries to send a mail, by result: sent, failed (it is tried again) or given_up.',
  labelNames: ['result'] as const,
  registers,
});

export const syncChanges = new Histogram({
  name: 'messenger_sync_changes',
  help: 'Changes that a sync brought.',
  buckets: [0, ...SIZES],
  registers,
});

type Samples = Iterable<readonly [labels: Record<string, string>, value: number]>;
type Track = (read: () => Samples) => () => void;

/** @returns what adds a source that is read at each scrape, and returns what removes it. */
function trackedGauge(name: string, help: string, labelNames: string[]): Track {
  const sources = new Set<() => Samples>();
  new Gauge({
    ...{ name, help, labelNames, registers },
    collect() {
      this.reset();
      for (const read of sources) for (const [labels, value] of read()) this.inc(labels, value);
    },
  });
  return (read) => {
    sources.add(read);
    return () => sources.delete(read);
  };
}

export const trackConnections = trackedGauge('messenger_connections', 'Sockets and event streams, by kind and state.', [
  'kind',
  'state',
]);

export const trackPool = trackedGauge(
  'messenger_database_pool_connections',
  'Connections to the database, by state, and the requests that wait for one.',
  ['state'],
);

export const trackCluster = trackedGauge('messenger_cluster_connected', 'Nodes that reach the others now.', []);
