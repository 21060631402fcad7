import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AggregatorRegistry, collectDefaultMetrics } from 'prom-client';
import { ConfigError } from './config/index.js';
import type { Logger } from './shared/logger.js';
import { metrics } from './shared/metrics.js';

interface MetricsAddress {
  readonly port: number;
  readonly host: string;
}

/** @returns what reads the metrics of this process. As a worker it gives them to the first process, too. */
export function measureProcess(): () => Promise<string> {
  collectDefaultMetrics({ register: metrics });
  if (cluster.isWorker) {
    AggregatorRegistry.setRegistries(metrics);
    new AggregatorRegistry();
  }
  return () => metrics.metrics();
}

/** @returns what reads the metrics of all workers, added up. It throws when one of them does not answer for five seconds. */
export function measureWorkers(): () => Promise<string> {
  const registry = new AggregatorRegistry();
  return () => registry.clusterMetrics();
}

/**
 * Answers `GET /metrics`, and nothing else.
 * @returns what closes it.
 * @throws ConfigError when the address can't be listened on.
 */
export async function serveMetrics(
  { port, host }: MetricsAddress,
  read: () => Promise<string>,
  log: Logger,
): Promise<() => void> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    read().then(
      (text) => response.setHeader('Content-Type', metrics.contentType).end(text),
      (error: unknown) => {
        log.warn({ err: error }, 'could not read the metrics');
        response.writeHead(503).end();
      },
    );
  });
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError([`METRICS_PORT ${port} and METRICS_HOST ${host} can't be used: ${message}.`]);
  }
  log.info({ address: server.address() }, 'metrics are published');
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
