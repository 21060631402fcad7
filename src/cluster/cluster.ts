import type { Broker, PresenceRegistry } from '../realtime/index.js';
import type { CreateLimiter } from '../shared/rate-limit.js';

/** How long a subscription is waited for; it goes on afterwards. */
export const SUBSCRIPTION_PATIENCE_MS = 1000;

/** The users of a node that was killed are offline this much later. */
export const PRESENCE_EXPIRY_MS = 30_000;

/**
 * What the nodes of a server share beside PostgreSQL: nothing that is kept. While it is away each node goes on alone, and
 * the reconciler finds what it missed.
 */
export interface Cluster {
  readonly broker: Broker;
  readonly presence: PresenceRegistry;
  /** Counts for all nodes together; for this one alone while the cluster is away. */
  readonly createLimiter: CreateLimiter;
  /** Whether this node reaches the others now. */
  readonly isConnected: boolean;
  close(): Promise<void>;
}
