import type { Logger } from '../shared/logger.js';
import type { ClusterSettings } from '../config/index.js';
import type { Cluster } from './cluster.js';
import { memoryCluster } from './memory-cluster.js';

export { memoryCluster, memoryLimiter } from './memory-cluster.js';
export type { Cluster } from './cluster.js';

/**
 * Loads only what the settings need: most servers are alone, and begin sooner without the clients of Redis and NATS.
 * @param settings undefined: this process is the only one.
 */
export async function openCluster(settings: ClusterSettings | undefined, log: Logger): Promise<Cluster> {
  if (!settings) return memoryCluster();
  if (settings.kind === 'nats') return (await import('./nats/nats-cluster.js')).natsCluster(settings, log);
  return (await import('./redis/redis-cluster.js')).redisCluster(settings, log);
}
