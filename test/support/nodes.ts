import { afterAll, beforeAll } from 'vitest';
import { buildApp } from '../../src/app.js';
import { openCluster, type Cluster } from '../../src/cluster/index.js';
import type { ClusterSettings } from '../../src/config/index.js';
import { openDatabase } from '../../src/database/index.js';
import { checkedLog } from './checked-log.js';

import { DATABASE_OPTIONS, TEST_CONFIG } from './app.js';
import { Person, type TestTarget } from './client.js';
import { until } from '../processes/network.js';
import { sharedDatabase } from './database.js';
import { inspectFrame } from './frame-schemas.js';
import { listen } from './socket.js';

const START_TIMEOUT_MS = 10_000;

/** Two servers on one database, as on two machines. */
export interface Nodes {
  one: Node;
  other: Node;
}

interface Node extends TestTarget {
  readonly cluster: Cluster;
}

/** @param settings what they have in common; undefined: nothing, so that what happens on one is lost for the other. */
export function useNodes(settings: () => ClusterSettings | undefined = () => undefined): Nodes {
  const nodes = {} as Nodes;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const log = checkedLog;
    for (const name of ['one', 'other'] as const) {
      const database = await openDatabase({ ...DATABASE_OPTIONS, ...(await sharedDatabase()) }, log);
      closing.push(() => database.close());
      const cluster = await openCluster(settings(), log);
      closing.push(() => cluster.close());
      const app = await buildApp(TEST_CONFIG, { db: database.db, log, cluster, inspectFrame });
      closing.push(() => app.close());
      await listen({ app });
      nodes[name] = { app, db: database.db, cluster };
    }
    // What happens before a node has reached the others comes by the reconciler, seconds late.
    const isJoined = () => Promise.resolve(nodes.one.cluster.isConnected && nodes.other.cluster.isConnected);
    await until(isJoined, START_TIMEOUT_MS, 'the nodes reach each other');
  });
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });
  return nodes;
}

/** The same person, as a client of this node. */
export function at(node: TestTarget, { id, username, email, token }: Person): Person {
  return new Person(node, id, username, email, token);
}
