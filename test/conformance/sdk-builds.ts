import { cp, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'sdk/src');
const ADAPTER = 'sdk-client.ts';
/** What the adapter imports of the kit. */
const FIELDS = 'scripts/conformance/optional-fields.ts';

/** A change of the sources of messenger-client, or of its adapter. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Builds of messenger-client with its adapter, whole or with something changed, in a folder of the test's. */
export class SdkBuilds {
  readonly #folder: string;
  #count = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async in(folder: string): Promise<SdkBuilds> {
    const builds = new SdkBuilds(folder);
    await builds.#build(join(builds.#whole, 'sdk/src'), SOURCES);
    await builds.#write(join(builds.#whole, 'test/conformance'), ADAPTER, await source(ADAPTER));
    await builds.#write(join(builds.#whole, dirname(FIELDS)), FIELDS, await readFile(join(ROOT, FIELDS), 'utf8'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return builds;
  }

  /** The command that runs the client as it is. */
  get command(): readonly string[] {
    return commandIn(this.#whole);
  }

  /** The command that runs it with a change. @throws Error when there is nothing to change. */
  async changed({ file, from, to }: Change): Promise<readonly string[]> {
    const text = await source(file);
    if (text.split(from).length !== 2) throw new Error(`${file} has not exactly one "${from}".`);
    const folder = join(this.#folder, `changed-${++this.#count}`);
    await cp(this.#whole, folder, { recursive: true });
    const place = file === ADAPTER ? 'test/conformance' : 'sdk/src';
    await this.#write(
      join(folder, place, dirname(file)),
      file,
      text.replace(from, () => to),
    );
    return commandIn(folder);
  }

  get #whole(): string {
    return join(this.#folder, 'whole');
  }

  async #build(to: string, from: string): Promise<void> {
    for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
      const folder = join(to, entry.parentPath.slice(from.length));
      await this.#write(folder, entry.name, await readFile(join(entry.parentPath, entry.name), 'utf8'));
    }
  }

  async #write(folder: string, name: string, text: string): Promise<void> {
    const compilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ES2022,
      verbatimModuleSyntax: true,
    };
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${basename(name, '.ts')}.js`), outputText);
  }
}

function commandIn(folder: string): readonly string[] {
  return [process.execPath, join(folder, 'test/conformance/sdk-client.js')];
}

function source(file: string): Promise<string> {
  return readFile(file === ADAPTER ? join(import.meta.dirname, file) : join(SOURCES, file), 'utf8');
}
