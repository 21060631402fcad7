import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { WEB_PAGE } from '../support/browser.js';

const MOST_BYTES = 70 * 1024;
/** What is loaded when one opens the settings, the details of a group or the reports, and the other language. */
const MOST_LATER_BYTES = 20 * 1024;

const read = (name: string) => readFileSync(join(WEB_PAGE, name), 'utf8');
const sizeOf = (name: string) => gzipSync(read(name), { level: 9 }).length;
const sum = (names: readonly string[]) => names.map(sizeOf).reduce((all, each) => all + each, 0);

/** A script with those that it can't begin without. */
function withImports(name: string): string[] {
  const imported = [...read(name).matchAll(/\bfrom\s*["']\.\/([^"']+)["']/g)].map(([, file]) => `assets/${file!}`);
  return [name, ...imported.flatMap(withImports)];
}

it('the scripts with which a browser begins are at most 70 KiB on their way, whatever the language', () => {
  const scripts = readdirSync(WEB_PAGE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const entries = [...read('index.html').matchAll(/src="\.\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name!);
  expect(entries.length).toBeGreaterThan(0);
  const first = new Set([...entries.flatMap(withImports), 'worker.js']);
  const later = scripts.filter((name) => !first.has(name));
  const catalogues = later.filter((name) => /^assets\/[a-z]{2}-/.test(name));
  expect(catalogues.length).toBeGreaterThan(1);
  // English is in the page itself; of the others one is loaded at the most.
  expect(sum([...first]) + Math.max(...catalogues.map(sizeOf))).toBeLessThan(MOST_BYTES);
  expect(sum(later)).toBeLessThan(MOST_LATER_BYTES + sum(catalogues.slice(1)));
});

it('what the service worker is to keep is there, or it would keep nothing', () => {
  const names = JSON.parse(read('assets.json')) as string[];
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !existsSync(join(WEB_PAGE, name)))).toEqual([]);
});
