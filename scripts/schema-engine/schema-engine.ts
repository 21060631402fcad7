import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { migrationAdapter } from './adapter.js';

const require = createRequire(import.meta.url);

let instantiated: Promise<void> | undefined;

/** The package's own entry imports the .wasm file as a module, which Node 20 does only behind a flag. */
async function instantiate(): Promise<void> {
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const module = await WebAssembly.compile(await readFile(join(folder, 'schema_engine_bg.wasm')));
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
}

/**
 * Prisma's schema engine as WebAssembly: what `prisma migrate` runs, without its downloaded binary.
 * @param url the database that it works on, also as its shadow database.
 * @throws Error with the engine's message, that of a panic included.
 */
export async function withSchemaEngine<T>(url: string, use: (engine: bindings.SchemaEngine) => Promise<T>): Promise<T> {
  await (instantiated ??= instantiate());
  const adapter = migrationAdapter(url);
  const silent = () => undefined;
  const options = { datamodels: undefined };
  try {
    const engine = await bindings.SchemaEngine.new(options, silent, bindMigrationAwareSqlAdapterFactory(adapter));
    // A panic never settles the engine's promise; it only leaves its words here.
    const panicked = new Promise<never>((_, reject) => {
      const set_message = (message: string) => {
        reject(new Error(message));
      };
      Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message } });
    });
    return await Promise.race([use(engine), panicked]);
  } finally {
    await adapter.end();
  }
}
