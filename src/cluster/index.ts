import type { Logger } from '../shared/logger.js';
import type { ClusterSettings } from '../config/index.js';
import type { Cluster } from './cluster.js';
import { memoryCluster } from './memory-cluster.js';
import { natsCluster } from './nats/nats-cluster.js';
import { redisCluster } from './redis/redis-cluster.js';

export { memoryCluster, memoryLimiter } from './memory-cluster.js';
export type { Cluster } from './cluster.js';

/** @param settings undefined: this process is the only one. */
export function openCluster(settings: ClusterSettings | undefined, log: Logger): Cluster {
  if (!settings) return memoryCluster();
  return settings.kind === 'nats' ? natsCluster(settings, log) : redisCluster(settings, log);
}
