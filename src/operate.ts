import { loadConfigOrExit } from './config/index.js';
import { openDatabase, type Database } from './database/index.js';
import { ApiError, validationError } from './shared/errors.js';
import { createLogger } from './shared/logger.js';

export type Command = (db: Database) => Promise<void>;

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
  const options = { ...loadConfigOrExit().database, poolSize: 1, migrate: true, shared: true };
  const database = await openDatabase(options, createLogger('warn'));
  try {
    await command(database.db);
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
