import { randomUUID } from 'node:crypto';
import type { ClusterSettings } from '../../config/index.js';
import type { Logger } from '../../shared/logger.js';
import type { Cluster } from '../cluster.js';
import { NatsBroker } from './nats-broker.js';
import { NatsLimits } from './nats-limits.js';
import { NatsLink } from './nats-link.js';
import { NatsPresence } from './nats-presence.js';

/** Over core NATS, which keeps nothing: each node tells the others what they have to know, and remembers what it heard. */
export function natsCluster(settings: ClusterSettings, log: Logger): Cluster {
  const link = new NatsLink(settings, log);
  const limits = new NatsLimits(link);
  return {
    broker: new NatsBroker(link),
    presence: new NatsPresence(link, randomUUID()),
    createLimiter: (options) => limits.create(options),
    get isConnected() {
      return link.isConnected;
    },
    close: () => link.close(),
  };
}
