import { join } from 'node:path';
import { defineConfig } from 'vite';
import { precompress } from './precompress.js';
import { listAssets } from './list-assets.js';

/** Folders of what is shown later, and the catalogues of which one is loaded. */
const LATER = /web\/src\/(settings|moderation|details|dialogs|public-groups|texts\/(ar|de))/;
const WORKER = 'web/worker/';

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  // The page may stand below a path, such as /messenger/.
  base: './',
  plugins: [listAssets(), precompress()],
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // Nothing is put into the page or the style sheet: the Content-Security-Policy takes no data but images.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { main: 'index.html', worker: 'worker/worker.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js'),
        // What is loaded at the start is one file, which compresses better than several, beside what is loaded later.
        codeSplitting: { groups: [{ name: 'page', test: (id) => !LATER.test(id) && !id.includes(WORKER) }] },
      },
    },
  },
});
