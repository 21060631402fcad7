import type { Plugin } from 'vite';

/** Writes `assets.json`: what the service worker keeps, so that the page opens without a network. */
export function listAssets(): Plugin {
  return {
    name: 'list-assets',
    apply: 'build',
    // After the page has been written, which drops scripts that only load another one.
    enforce: 'post',
    generateBundle(_options, bundle) {
      const names = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
      this.emitFile({ type: 'asset', fileName: 'assets.json', source: JSON.stringify(names) });
    },
  };
}
