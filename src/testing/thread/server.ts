import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { OPERATOR } from '../../audit/index.js';
import { buildApp } from '../../app.js';
import { ConfigError, Environment, loadConfig, type Config } from '../../config/index.js';
import { openDatabase } from '../../database/index.js';
import { createKey, isScope } from '../../features/index.js';
import type { Transport } from '../../mail/index.js';
import { createLogger } from '../../shared/logger.js';
import type { Settings } from '../settings.js';
import { Accounts } from './accounts.js';
import type { Order, SentMail } from './messages.js';

const LOOPBACK = '127.0.0.1';

/** Mails are looked for often, so that no test waits for one. None fails, so none is tried again. */
const MAIL_TIMES = { pollMs: 50, backoff: () => 0 };

interface Postgres {
  readonly url: string;
  close(): Promise<void>;
}

interface Server {
  readonly port: number;
  /** @throws Error with words for the test. */
  carryOut(order: Exclude<Order, { want: 'wake' }>): Promise<unknown>;
}

/** The whole server on the database, with nothing of it replaced but what takes the mails. */
export async function openServer(
  postgres: Postgres,
  settings: Settings,
  onMail: (mail: SentMail) => void,
): Promise<Server> {
  const config = configOf(settings);
  const log = createLogger(config.logLevel);
  // The embedded database has one session.
  const location = { ...config.database, url: postgres.url, poolSize: 1, migrate: false };
  const database = await openDatabase(location, log);
  const { db } = database;
  const sent = new Set<string>();
  const mailTransport: Transport = {
    send: (id, mail) => {
      // One is sent again when the clock is moved before it is noted that it was sent. Mailboxes show those of one id as one.
      if (!sent.has(id)) onMail(mail);
      sent.add(id);
      return Promise.resolve();
    },
    close: () => undefined,
  };
  const app = await buildApp(config, { db, log, mailTimes: MAIL_TIMES, mailTransport });
  await app.listen({ port: 0, host: LOOPBACK });
  const accounts = new Accounts(db, (userId) => app.createAccessToken(userId));

  const stop = async () => {
    app.server.closeAllConnections();
    await app.close();
    await database.close();
    await postgres.close();
  };

  return {
    port: (app.server.address() as AddressInfo).port,
    carryOut(order) {
      switch (order.want) {
        case 'user':
          return accounts.get(order.username);
        case 'key':
          return newKey(db, order.scopes);
        case 'stop':
          return stop();
      }
    },
  };
}

/** @throws ConfigError that names every wrong setting, and every one that there is not. */
function configOf(settings: Settings): Config {
  const unknown = Object.keys(settings).filter((name) => !Object.hasOwn(Environment.properties, name));
  if (unknown.length > 0) throw new ConfigError(unknown.map((name) => `There is no setting ${name}.`));
  const given = Object.entries(settings).map(([name, value]) => [name, String(value)] as const);
  return loadConfig({
    LOG_LEVEL: 'error',
    JWT_SECRET: randomBytes(32).toString('hex'),
    MAIL_FROM: 'messenger@example.com',
    ...Object.fromEntries(given),
    HOST: LOOPBACK,
    // The server sends mail; no mail goes there.
    SMTP_URL: `smtp://${LOOPBACK}`,
  });
}

async function newKey(db: Parameters<typeof createKey>[0], scopes: readonly string[]): Promise<string> {
  const known = scopes.filter(isScope);
  if (known.length < scopes.length || known.length === 0) {
    const unknown = scopes.filter((scope) => !isScope(scope));
    throw new Error(unknown.length > 0 ? `There is no scope ${unknown.join(', ')}.` : 'An API key needs a scope.');
  }
  return (await createKey(db, { name: 'test kit', scopes: known }, OPERATOR)).key;
}
