import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { describeDatabase, type BenchDatabase } from './data/database.js';
import type { Options } from './options.js';
import type { Results } from './section.js';

const PACKAGES = ['fastify', 'pg', '@prisma/client', '@electric-sql/pglite', 'autocannon'];

/** When, where, on what and how a run is made. */
export async function describeEnvironment(
  { url }: BenchDatabase,
  { users, chats, messages, rounds, seconds }: Options,
): Promise<Results['environment']> {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const versions = PACKAGES.map((name) => `${name} ${lock.packages[`node_modules/${name}`]!.version}`);
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    Date: new Date().toISOString().slice(0, 10),
    Commit: git('rev-parse', '--short', 'HEAD') + (isChanged ? ' with changes since' : ''),
    Machine: `${cpus()[0]!.model.trim()}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}`,
    Software: [`Node.js ${process.version}`, ...versions].join(', '),
    Database: await describeDatabase(url),
    Data: `${users} users, ${chats} chats, ${messages} messages`,
    Method: `medians of ${rounds} rounds of ${seconds} s each, [min–max] over the rounds`,
  };
}
