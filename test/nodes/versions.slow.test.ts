import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { it, onTestFinished } from 'vitest';
import { postgresUrl } from '../support/database.js';
import { actOnBoth, startVersions } from '../support/two-versions.js';

const ROOT = join(import.meta.dirname, '../..');

/** The version before this one: what runs while this one is deployed. CONTRIBUTING.md says when it moves on. */
const LAST_LANDED = process.env.LAST_LANDED ?? '0b0a0e77acdbb5f20020df91b8212be32b5ec1a1';

const runFile = promisify(execFile);

const run = (program: string, args: string[], cwd = ROOT) => runFile(program, args, { cwd, timeout: 100_000 });

/** @returns whether the history is here: a copy without it has nothing to run. */
async function hasCommit(commit: string): Promise<boolean> {
  const asked = run('git', ['cat-file', '-e', `${commit}^{commit}`]);
  return asked.then(
    () => true,
    () => false,
  );
}

/** The sources of a commit, ready to run. */
async function checkOut(commit: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'messenger-test-version-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await run('git', ['clone', '--quiet', '--shared', '--no-checkout', ROOT, folder]);
  await run('git', ['checkout', '--quiet', commit], folder);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], folder);
  return folder;
}

const isSkipped = !postgresUrl || !process.env.TEST_REDIS_URL || !(await hasCommit(LAST_LANDED));
const NEEDS = 'needs TEST_DATABASE_URL, TEST_REDIS_URL, and the history of the project';

it.skipIf(isSkipped)(`the last landed version runs beside this one (${NEEDS})`, async () => {
  const folder = await checkOut(LAST_LANDED);
  const versions = await startVersions(join(folder, 'src/main.ts'), join(ROOT, 'src/main.ts'));
  await actOnBoth(versions);
  // A machine of the older version that fails meanwhile comes back.
  await versions.older.kill('SIGKILL');
  await actOnBoth({ ...versions, older: await versions.startOlder() });
});
