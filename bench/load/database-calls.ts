import type { RunningServer } from '../servers/servers.js';

/** How often a server has taken a connection of its pool so far; NaN where that is not known. */
export async function databaseCalls({ metricsUrl }: Pick<RunningServer, 'metricsUrl'>): Promise<number> {
  if (metricsUrl === undefined) return NaN;
  const metrics = await (await fetch(metricsUrl)).text();
  return Number(/^messenger_database_pool_wait_seconds_count (\d+)/m.exec(metrics)?.[1] ?? NaN);
}
