import type { Database, ReadModel, Statements } from '../database/index.js';
import type { Publisher } from '../realtime/index.js';
import type { Logger } from '../shared/logger.js';

/** What reads and changes need. */
export interface Context {
  /** Ordinary Prisma. */
  readonly db: Database;
  /** The hot requests, which run beside any transaction. */
  readonly statements: Statements;
  readonly model: ReadModel;
  readonly live: Publisher;
  readonly log: Logger;
}
