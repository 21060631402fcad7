// `npm run reference` writes the reference of messenger-client from its sources into docs/reference; `npm run reference:check`
// ends with 1 when what is committed says something else. Both do when an exported name says nothing of itself.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, TypeDocReader } from 'typedoc';

const COMMITTED = join(import.meta.dirname, '../docs/reference');
const SDK = join(import.meta.dirname, '../sdk');

const isCheck = process.argv[2] === 'check';
const folder = isCheck ? await mkdtemp(join(tmpdir(), 'reference-')) : COMMITTED;
const app = await Application.bootstrapWithPlugins({ options: join(SDK, 'typedoc.json'), logLevel: 'Warn' }, [
  new TypeDocReader(),
]);
const project = await app.convert();
if (project) app.validate(project);
if (!project || app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
else {
  await app.outputs.writeOutput({ name: 'markdown', path: folder }, project);
  if (isCheck && (await textOf(folder)) !== (await textOf(COMMITTED))) {
    console.error('docs/reference is not what the code says. Run: npm run reference');
    process.exitCode = 1;
  }
}
if (isCheck) await rm(folder, { recursive: true });

/** Everything that is in a folder. */
async function textOf(path: string): Promise<string> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => file.slice(path.length) + (await readFile(file, 'utf8'))));
  return texts.sort().join('\n');
}
