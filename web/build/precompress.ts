import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Compressed, the smallest files are no smaller. */
const WORTH_IT_BYTES = 512;

const withBrotli = promisify(brotliCompress);
const withGzip = promisify(gzip);

/** Writes `.br` and `.gz` beside each file that has a hash in its name: the server has nothing left to compress. */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets');
      const names = await readdir(assets);
      await Promise.all(
        names.map(async (name) => {
          const bytes = await readFile(join(assets, name));
          if (bytes.length < WORTH_IT_BYTES) return;
          const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
          await writeFile(join(assets, `${name}.br`), await withBrotli(bytes, { params }));
          await writeFile(join(assets, `${name}.gz`), await withGzip(bytes, { level: constants.Z_BEST_COMPRESSION }));
        }),
      );
    },
  };
}
