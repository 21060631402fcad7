import pg from 'pg';
import type { Logger } from '../../shared/logger.js';
import { Repetition } from '../../shared/repetition.js';

const ROUND_MS = 10_000;

/**
 * Which tables need what, by the rules of autovacuum and its default thresholds. One exception: new rows are vacuumed after
 * 20,000 at the latest, because that takes a time in proportion to their number, and all requests wait for it.
 */
const DUE = `
  select relid::regclass::text as name,
    n_dead_tup > 50 + 0.2 * rows or n_ins_since_vacuum > least(1000 + 0.2 * rows, 20000) as vacuum,
    n_mod_since_analyze > 50 + 0.1 * rows as analyze
  from pg_stat_user_tables, lateral (select greatest(reltuples, 0) as rows from pg_class where oid = relid) class
  order by relid`;

interface Due {
  readonly name: string;
  readonly vacuum: boolean;
  readonly analyze: boolean;
}

/**
 * Vacuums and analyzes the embedded database, which has no autovacuum: it has no processes beside its one session. Each table is
 * a statement of its own, so that others get their turn in between.
 */
export class Maintenance {
  readonly #url: string;
  readonly #log: Logger;
  /** Kept from round to round: when a client leaves, the gateway resets the settings of the session that all share. */
  #client: pg.Client | undefined;
  readonly #rounds: Repetition;

  constructor(url: string, log: Logger) {
    this.#url = url;
    this.#log = log;
    const failure = 'could not maintain the embedded database';
    this.#rounds = new Repetition(() => this.run(), { pauseMs: ROUND_MS, log, failure });
    this.#rounds.start();
  }

  /** Waits for the statement that is under way. */
  async close(): Promise<void> {
    await this.#rounds.stop();
    await this.#client?.end();
  }

  /** Does what is due now. */
  async run(): Promise<void> {
    this.#client ??= await this.#connect();
    const { rows } = await this.#client.query<Due>(DUE);
    for (const { name, vacuum, analyze } of rows) {
      if (vacuum) await this.#do(`vacuum ${name}`);
      if (analyze) await this.#do(`analyze ${name}`);
    }
  }

  async #do(statement: string): Promise<void> {
    if (this.#rounds.isStopped) return;
    const started = performance.now();
    await this.#client?.query(statement);
    this.#log.debug({ statement, ms: Math.round(performance.now() - started) }, 'maintained the embedded database');
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'messenger-backend maintenance' });
    client.on('error', () => {
      this.#client = undefined;
    });
    await client.connect();
    return client;
  }
}
