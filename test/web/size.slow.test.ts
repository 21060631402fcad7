import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { WEB_PAGE } from '../support/browser.js';

const MOST_BYTES = 70 * 1024;

it('all scripts of the page are at most 70 KiB on their way, in all languages', () => {
  const scripts = readdirSync(WEB_PAGE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const bytes = scripts.map((name) => gzipSync(readFileSync(join(WEB_PAGE, name)), { level: 9 }).length);
  expect(scripts.length).toBeGreaterThan(2);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(MOST_BYTES);
});
