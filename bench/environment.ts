import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import type { Results } from './results.js';

const PACKAGES = ['fastify', 'pg', '@prisma/client', '@electric-sql/pglite', 'autocannon'];

/** Where and on what a run was made. */
export function describeEnvironment(): Pick<Results, 'measuredAt' | 'commit' | 'machine' | 'packages'> {
  const [cpu] = cpus();
  return {
    measuredAt: new Date().toISOString(),
    commit: commit(),
    machine: {
      cpu: cpu?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release()}`,
      node: process.version,
    },
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
}

/** "unknown" outside of a git repository. */
function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') && '+');
  } catch {
    return 'unknown';
  }
}

/** Not by importing its package.json, which not every package lets one do. */
function versionOf(name: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  for (;;) {
    const read = JSON.parse(readOr(join(folder, 'package.json'), '{}')) as { name?: string; version?: string };
    if (read.name === name && read.version) return read.version;
    folder = dirname(folder);
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
