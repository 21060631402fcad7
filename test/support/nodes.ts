import { afterAll, beforeAll } from 'vitest';
import { buildApp } from '../../src/app.js';
import { openDatabase } from '../../src/database/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { connectRedis, type RedisConnections } from '../../src/shared/redis.js';
import { DATABASE_OPTIONS, TEST_CONFIG } from './app.js';
import { Person, type TestTarget } from './client.js';
import { until } from '../faults/processes/network.js';
import { sharedDatabase } from './database.js';
import { inspectFrame } from './frame-schemas.js';
import { listen } from './socket.js';

const START_TIMEOUT_MS = 10_000;

type RedisSettings = Parameters<typeof connectRedis>[0];

/** Two servers on one database, as on two machines. */
export interface Nodes {
  one: TestTarget;
  other: TestTarget;
}

/** @param redis what they have in common; undefined: nothing, so that what happens on one is lost for the other. */
export function useNodes(redis: () => RedisSettings | undefined = () => undefined): Nodes {
  const nodes = {} as Nodes;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const log = createLogger('silent');
    for (const name of ['one', 'other'] as const) {
      const database = await openDatabase({ ...DATABASE_OPTIONS, ...(await sharedDatabase()) }, log);
      closing.push(() => database.close());
      const settings = redis();
      const connections = settings && connectRedis(settings, log);
      // What happens before a node has reached Redis comes by the healing, seconds late.
      if (connections) await until(() => Promise.resolve(isReady(connections)), START_TIMEOUT_MS, 'Redis');
      const app = await buildApp(TEST_CONFIG, { db: database.db, log, redis: connections, inspectFrame });
      closing.push(async () => {
        await app.close();
        connections?.close();
      });
      await listen({ app });
      nodes[name] = { app, db: database.db };
    }
  });
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });
  return nodes;
}

function isReady({ client, subscriber }: RedisConnections): boolean {
  return client.status === 'ready' && subscriber.status === 'ready';
}

/** The same person, as a client of this node. */
export function at(node: TestTarget, { id, username, email, token }: Person): Person {
  return new Person(node, id, username, email, token);
}
