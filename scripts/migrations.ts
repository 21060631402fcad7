// `npm run migrate:new -- <name>` writes the next migration from the difference between prisma/schema.prisma and the
// migrations so far; `npm run migrate:check` ends with 1 when there is such a difference. Both replay the migrations
// on a database of their own that lives in memory, so they need no server and touch no data.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/database/embedded/postgres.js';
import { MIGRATIONS_FOLDER, readMigrations } from '../src/database/migrations/folder.js';
import { withSchemaEngine } from './schema-engine/schema-engine.js';

const SCHEMA_FILE = join(MIGRATIONS_FOLDER, '../schema.prisma');

/** The SQL that leads from the migrations to the schema; undefined when there is nothing to do. */
async function difference(): Promise<string | undefined> {
  const scratch = await startEmbeddedPostgres(undefined);
  try {
    const from = {
      tag: 'migrations' as const,
      baseDir: MIGRATIONS_FOLDER,
      lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
      shadowDbInitScript: '',
      migrationDirectories: (await readMigrations()).map(({ name, script }) => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: script } },
      })),
    };
    const schema = await readFile(SCHEMA_FILE, 'utf8');
    const to = { tag: 'schemaDatamodel' as const, files: [{ path: SCHEMA_FILE, content: schema }] };
    const filters = { externalTables: [], externalEnums: [] };
    const result = await withSchemaEngine(scratch.url, (engine) =>
      engine.diff({ from, to, script: true, exitCode: true, filters }),
    );
    return result.exitCode === 0 ? undefined : (result.stdout ?? '');
  } finally {
    await scratch.close();
  }
}

async function check(): Promise<number> {
  const sql = await difference();
  if (sql === undefined) return 0;
  console.error(`prisma/schema.prisma and prisma/migrations disagree:\n\n${sql}`);
  console.error('Run: npm run migrate:new -- <name>');
  return 1;
}

async function writeNew(name: string): Promise<number> {
  const sql = await difference();
  if (sql === undefined) {
    console.error('prisma/schema.prisma has nothing that the migrations do not have.');
    return 1;
  }
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = `${time}_${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`;
  await mkdir(join(MIGRATIONS_FOLDER, folder), { recursive: true });
  await writeFile(join(MIGRATIONS_FOLDER, folder, 'migration.sql'), sql);
  console.log(`prisma/migrations/${folder}/migration.sql`);
  return 0;
}

const [command, name] = process.argv.slice(2);
if (command === 'check') process.exitCode = await check();
else if (command === 'new' && name) process.exitCode = await writeNew(name);
else {
  console.error('Usage: npm run migrate:new -- <name>   or   npm run migrate:check');
  process.exitCode = 1;
}
