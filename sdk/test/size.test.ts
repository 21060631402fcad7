import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { build } from 'rolldown';
import { expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '../src');
const ENTRY = '\0entry';

/** What a page loads that imports something, by gzip, in KB of 1024 bytes. */
async function sizeOf(names: string, file: string): Promise<number> {
  const { output } = await build({
    input: ENTRY,
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? `export ${names} from ${JSON.stringify(join(SOURCES, file))};` : null),
      },
    ],
    external: ['react', 'idb'],
    platform: 'browser',
    // As in package.json.
    treeshake: { moduleSideEffects: false },
    output: { minify: true },
    write: false,
  });
  expect(output).toHaveLength(1);
  return gzipSync(output[0].code, { level: 9 }).byteLength / 1024;
}

it('has a core of 15 KB', async () => {
  expect(await sizeOf('{ createClient, MessengerError }', 'index.ts')).toBeLessThanOrEqual(15);
});

it('has hooks of 3 KB', async () => {
  expect(await sizeOf('*', 'react/index.ts')).toBeLessThan(3);
});
