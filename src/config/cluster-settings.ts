import { list } from './list.js';
import type { Environment } from './schema.js';

/** How the nodes of a server reach each other. */
export interface ClusterSettings {
  readonly kind: 'redis' | 'redis-cluster' | 'nats';
  /** One, or several nodes of the same cluster. */
  readonly urls: readonly string[];
  /** Before every key, channel and subject, so that installations can share a Redis or NATS. */
  readonly prefix: string;
}

/** @returns undefined for a server of one process. */
export function clusterSettings(environment: Environment): ClusterSettings | undefined {
  const url = environment.CLUSTER_URL ?? environment.REDIS_URL;
  if (url === undefined) return undefined;
  const redis = environment.REDIS_CLUSTER === 'on' ? 'redis-cluster' : 'redis';
  return {
    kind: url.startsWith('redis') ? redis : 'nats',
    urls: list(url),
    prefix: environment.CLUSTER_PREFIX ?? environment.REDIS_PREFIX,
  };
}

/** @returns a line for each thing that does not go together. */
export function clusterErrors(values: Environment, wrong: ReadonlySet<keyof Environment>): string[] {
  const lines: string[] = [];
  const { CLUSTER_URL: url, REDIS_URL: redisUrl } = values;
  if (url !== undefined && redisUrl !== undefined && url !== redisUrl)
    lines.push('CLUSTER_URL and REDIS_URL are both given. REDIS_URL is the older name: remove it.');
  if (wrong.has('WORKERS') || values.WORKERS === 1) return lines;
  if (values.DATABASE_URL === undefined && !wrong.has('DATABASE_URL'))
    lines.push('DATABASE_URL is required with WORKERS above 1.');
  if (url === undefined && redisUrl === undefined && !wrong.has('CLUSTER_URL') && !wrong.has('REDIS_URL'))
    lines.push('CLUSTER_URL is required with WORKERS above 1.');
  return lines;
}
