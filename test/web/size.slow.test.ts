import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { WEB_PAGE } from '../support/browser.js';

const MOST_BYTES = 70 * 1024;

it('the scripts that a browser loads are at most 70 KiB on their way, whatever the language', () => {
  const scripts = readdirSync(WEB_PAGE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const sizes = scripts.map((name) => {
    const bytes = gzipSync(readFileSync(join(WEB_PAGE, name)), { level: 9 }).length;
    return { bytes, isCatalogue: /^assets\/[a-z]{2}-/.test(name) };
  });
  const catalogues = sizes.flatMap(({ bytes, isCatalogue }) => (isCatalogue ? bytes : []));
  const others = sizes.flatMap(({ bytes, isCatalogue }) => (isCatalogue ? [] : bytes));
  expect(catalogues.length).toBeGreaterThan(1);
  expect(others.length).toBeGreaterThan(1);
  // English is in the page itself; of the others one is loaded at the most.
  const loaded = others.reduce((sum, each) => sum + each, 0) + Math.max(...catalogues);
  expect(loaded).toBeLessThan(MOST_BYTES);
});
