import { loadConfigOrExit, type Config } from './config/index.js';
import { openDatabase, type Database } from './database/index.js';
import { ApiError, validationError } from './shared/errors.js';
import { createLogger, type Logger } from './shared/logger.js';

/** What a command works with. */
export interface Tools {
  readonly config: Config;
  readonly log: Logger;
}

export type Command = (db: Database, tools: Tools) => Promise<void>;

/**
 * Runs a command of an operator on the database that the server uses, also while it runs.
 * @param read undefined for what is no command; it may ask for more before the database is opened.
 */
export async function operate(
  usage: string,
  read: (args: string[]) => Command | undefined | Promise<Command | undefined>,
): Promise<void> {
  process.exitCode = await run(usage, read);
}

async function run(usage: string, read: Parameters<typeof operate>[1]): Promise<number> {
  let command: Command | undefined;
  try {
    command = await read(process.argv.slice(2));
  } catch (error) {
    console.error(wordsOf(error));
    if (error instanceof ApiError) return 1;
  }
  if (!command) {
    console.error(usage);
    return 1;
  }
  const [config, log] = [loadConfigOrExit(), createLogger('warn')];
  const database = await openDatabase({ ...config.database, poolSize: 1, migrate: true, shared: true }, log);
  try {
    await command(database.db, { config, log });
    return 0;
  } catch (error) {
    console.error(wordsOf(error));
    return 1;
  } finally {
    await database.close();
  }
}

/** What is wrong with the arguments, by their names, or else the message. */
function wordsOf(error: unknown): string {
  const errors = error instanceof ApiError && error.code === validationError.code ? error.extras.errors : undefined;
  if (!errors) return (error as Error).message;
  return Object.entries(errors)
    .map(([field, must]) => `${field} ${must}`)
    .join('\n');
}
