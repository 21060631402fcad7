import { appendFile, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const run = promisify(execFile);

interface Report {
  summary: { totalCruised: number; violations: { from: string; rule: { name: string } }[] };
}

async function cruise(folder: string): Promise<Report> {
  const command = [
    join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
    'src',
    '--output-type',
    'json',
  ];
  const { stdout } = await run(process.execPath, command, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }).catch(
    // The exit code is the number of violations.
    (error: unknown) => error as { stdout: string },
  );
  return JSON.parse(stdout) as Report;
}

/** A copy of the sources in which a test may break the rules. */
async function copyOfSources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'messenger-test-imports-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ['src', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

describe('who imports whom', () => {
  it('keeps to the rules, and every file has been read', async () => {
    const { summary } = await cruise(ROOT);
    expect(summary.violations).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(80);
  });

  it('would catch a violation of each rule', async () => {
    const planted = [
      ['features', 'src/features/users/users.service.ts', '../chats/chats.queries.js'],
      ['no-cycles', 'src/features/users/users.schemas.ts', '../chats/index.js'],
      ['rules-without-fastify', 'src/features/chats/chats.service.ts', 'fastify'],
      ['generated-client', 'src/features/users/users.queries.ts', '../../database/generated/client.js'],
      ['generated-client', 'src/features/auth/auth.queries.ts', 'pg'],
      ['plugins', 'src/plugins/health.ts', '../features/users/index.js'],
      ['database', 'src/database/pool.ts', '../features/users/index.js'],
      ['cluster', 'src/cluster/memory-cluster.ts', '../features/users/index.js'],
      ['shared', 'src/shared/logger.ts', '../config/index.js'],
      ['config', 'src/config/config.ts', '../shared/logger.js'],
      ['testing', 'src/testing/thread/server.ts', '../../realtime/index.js'],
      ['testing-loads-the-server-in-its-thread', 'src/testing/messenger.ts', '../app.js'],
      ['only-the-entries-read-features-and-plugins', 'src/main.ts', './plugins/health.js'],
    ] as const;
    const folder = await copyOfSources();
    for (const [, file, imported] of planted) {
      await appendFile(join(folder, file), `import * as planted from '${imported}';\nexport { planted };\n`);
    }
    const { summary } = await cruise(folder);
    const caught = summary.violations.map(({ from, rule: { name } }) => `${name} ${from}`);
    // A cycle is reported at any of its files.
    expect(caught.filter((violation) => violation.startsWith('no-cycles '))).not.toEqual([]);
    for (const [rule, file] of planted) {
      if (rule !== 'no-cycles') expect(caught).toContain(`${rule} ${file}`);
    }
  });
});

describe('the environment', () => {
  it('is read by the configuration alone', async () => {
    const { stdout } = await run('grep', ['-rlE', 'process\\.env', 'src', '--include=*.ts'], { cwd: ROOT });
    const files = stdout
      .trim()
      .split('\n')
      .filter((file) => !file.includes('/generated/'));
    expect(files).toEqual(['src/config/config.ts']);
  });
});
